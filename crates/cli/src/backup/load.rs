//! Brings a dump back into an empty database, with the server's own program.
//!
//! Invariant: PostgreSQL has the whole dump in one transaction, or nothing of it.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use xtask_db_engine::{Client, DbUrl};

use super::dump::{PACKET_MAX, client, conninfo};
use super::settings::Settings;
use super::tool::{Ended, Tool, run};
use super::{BackupFault, Form};
use crate::fault::Fault;

/// What is loaded, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    pub(crate) file: &'a Path,
    pub(crate) form: Form,
    /// Roles that the server may not have are left out.
    pub(crate) no_owner: bool,
}

/// Loads a dump. A database file is not loaded but put in its place.
pub(crate) async fn load(
    to: &DbUrl,
    what: Load<'_>,
    settings: &Settings,
    tick: &mut (dyn FnMut() + Send),
) -> Result<(), Fault> {
    let (tool, mut command) = match what.form {
        Form::PgDump => {
            let tool = Tool::find(&["pg_restore"], settings.tools.as_deref())?;
            let mut command = tool.command()?;
            to.point(&mut command, Client::Postgres);
            command.args(["--no-password", "--exit-on-error", "--single-transaction"]);
            if what.no_owner {
                command.args(["--no-owner", "--no-privileges"]);
            }
            command.arg(format!("--dbname={}", conninfo(to))).arg(what.file);
            (tool, command)
        }
        Form::Sql => {
            let tool = Tool::find(&["mariadb", "mysql"], settings.tools.as_deref())?;
            let mut command = tool.command()?;
            to.point(&mut command, client(&tool));
            // `--binary-mode`: what looks like a command of the client itself, such as `\!` or
            // `source`, is sent to the server, which refuses it. A dump is text of others.
            command.args(["--binary-mode", "--batch", "--default-character-set=utf8mb4"]);
            command.arg(PACKET_MAX).arg("--").arg(to.database());
            let open = File::open(what.file);
            let input = open.map_err(|source| Fault::Io { path: what.file.to_owned(), source })?;
            command.stdin(Stdio::from(input));
            (tool, command)
        }
        Form::Sqlite | Form::Command => {
            let problem = "it is not loaded into a server".to_owned();
            return Err(BackupFault::Unverified { problem }.into());
        }
    };
    run(&mut command, to, tick).await.map_err(|Ended { status, said }| {
        let file = what.file.display().to_string();
        BackupFault::Load { tool: tool.name(), file, status, said }.into()
    })
}
