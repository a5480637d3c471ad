//! The programs: a whole one, a subcommand, and the commands inside an application.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::args::{Command, Global};
use crate::command::dispatch;
use crate::context::Context;
use crate::output::Output;
use crate::{codes, exit, runtime};

/// Database migrations: `cargo xtask db <command>`.
#[derive(Debug, Args)]
pub struct Db {
    // Boxed, so that an enum of tasks may hold it beside small ones.
    #[command(flatten)]
    global: Box<Global>,
    #[command(subcommand)]
    command: Box<Command>,
}

impl Db {
    /// Runs the command to its end, on a thread and a runtime of its own, so inside an async
    /// `main` too. Prints; the exit code is the answer's (see [`exit`]).
    #[must_use]
    pub fn run(self) -> ExitCode {
        runtime::apart(|| run(*self.global, *self.command, None))
    }
}

/// Database migrations for a Rust workspace
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", version)]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Database migrations: from a draft to production
    Db(Db),
}

/// A whole `xtask` whose only task is `db`.
#[must_use]
pub fn main() -> ExitCode {
    match Xtask::try_parse() {
        Ok(Xtask { task: Task::Db(db) }) => db.run(),
        Err(error) => usage(&error),
    }
}

/// Database migrations for a Rust workspace
#[derive(Debug, Parser)]
#[command(name = "xtask-db", version)]
struct Tool {
    #[command(flatten)]
    db: Db,
}

/// A whole program whose arguments are `db`'s: `xtask-db init`.
#[must_use]
pub fn tool() -> ExitCode {
    match Tool::try_parse() {
        Ok(Tool { db }) => db.run(),
        Err(error) => usage(&error),
    }
}

/// The command line as clap has it, for documentation and completions.
#[must_use]
pub fn command() -> clap::Command {
    Xtask::command()
}

/// Prints what clap says; help and version are answers.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::OK })
}

/// Runs one command.
pub(crate) fn run(
    global: Global,
    command: Command,
    embedded: Option<xtask_db_history::History>,
) -> u8 {
    #[cfg(feature = "failpoints")]
    if let Ok(Err(wrong)) = std::env::var("XDB_FAILPOINT").map(|text| xtask_db_engine::arm(&text)) {
        let fault = crate::fault::Fault::Internal(format!("XDB_FAILPOINT: {wrong}"));
        return Output::default().fail(&codes::problem(&fault));
    }
    let plain = Output { json: global.json, quiet: global.quiet, github: false };
    let context = match Context::new(global, embedded) {
        Ok(context) => context,
        Err(fault) => return plain.fail(&codes::problem(&fault)),
    };
    match runtime::block_on(Box::pin(dispatch(command, &context))) {
        Ok(reply) => context.output.reply(&reply),
        Err(fault) => context.output.fail(&codes::problem(&fault)),
    }
}
