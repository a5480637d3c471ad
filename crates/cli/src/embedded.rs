//! The commands inside an application that embeds its migrations: `app db deploy`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask_db_history::History;

use crate::args::{Command, Global};
use crate::command::{backfill, deploy, resolve, script, status, wait};
use crate::program::{run, usage};
use crate::{exit, runtime};

/// Runs `db deploy|status|resolve|script|wait|backfill` when the application's first argument is
/// `db`, on the migrations that it embeds; none for any other command line. The database is
/// `--url`, else `XTASK_DB_URL`, else `DATABASE_URL`; no Cargo.toml is read.
///
/// ```no_run
/// # use std::process::ExitCode;
/// # use xtask_db_history::{History, LockFile};
/// # fn migrations() -> History {
/// #     let lock = LockFile::new(xtask_db_sql::Dialect::Sqlite, "_xtask_db_migrations");
/// #     History { migrations: Vec::new(), lock }
/// # }
/// fn main() -> ExitCode {
///     if let Some(code) = xtask_db_cli::embedded(migrations()) {
///         return code;
///     }
///     // the application itself
///     ExitCode::SUCCESS
/// }
/// ```
///
/// With `xtask_db`, pass `&MIGRATIONS`.
pub fn embedded<M>(migrations: M) -> Option<ExitCode>
where
    M: TryInto<History>,
    M::Error: std::fmt::Display,
{
    if std::env::args_os().nth(1).is_none_or(|first| first != "db") {
        return None;
    }
    let (global, command) = match App::try_parse() {
        Ok(App { task: Task::Db { global, command } }) => (global, command),
        Err(error) => return Some(usage(&error)),
    };
    let history = match migrations.try_into() {
        Ok(history) => history,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(anstream::stderr(), "error: the embedded migrations: {error}");
            return Some(ExitCode::from(exit::CONFLICT));
        }
    };
    Some(runtime::apart(|| run(global, command.into(), Some(history))))
}

/// An application with embedded migrations
#[derive(Debug, Parser)]
struct App {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// The migrations that this application embeds
    Db {
        #[command(flatten)]
        global: Global,
        #[command(subcommand)]
        command: Embedded,
    },
}

/// The commands that need no folder.
#[derive(Debug, Subcommand)]
enum Embedded {
    Deploy(deploy::Deploy),
    Status(status::Status),
    Resolve(resolve::Resolve),
    Script(script::Script),
    Wait(wait::Wait),
    Backfill(backfill::Backfill),
}

impl From<Embedded> for Command {
    fn from(command: Embedded) -> Self {
        match command {
            Embedded::Deploy(args) => Self::Deploy(args),
            Embedded::Status(args) => Self::Status(args),
            Embedded::Resolve(args) => Self::Resolve(args),
            Embedded::Script(args) => Self::Script(args),
            Embedded::Wait(args) => Self::Wait(args),
            Embedded::Backfill(args) => Self::Backfill(args),
        }
    }
}
