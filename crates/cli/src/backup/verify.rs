//! Whether a backup can be brought back: it is read to its end.

use std::path::Path;

use xtask_db_engine::{DbUrl, check_file};

use super::settings::Settings;
use super::tool::{Ended, Tool, run};
use super::{BackupFault, Form, files};
use crate::fault::Fault;

/// How the last line of a whole dump of MySQL's kind starts.
const COMPLETED: &str = "-- Dump completed";

/// Reads a backup to its end. `url` is the database it is of.
pub(super) async fn read(
    file: &Path,
    form: Form,
    url: &DbUrl,
    settings: &Settings,
    tick: &mut (dyn FnMut() + Send),
) -> Result<(), Fault> {
    match form {
        Form::Sqlite => sqlite(file).await,
        Form::Sql => sql(file),
        Form::PgDump => {
            let tool = Tool::find(&["pg_restore"], settings.tools.as_deref())?;
            // The list is the head of the file; as SQL, it is read and unpacked to its end.
            for how in ["--list", "--file=-"] {
                let mut command = tool.command()?;
                command.arg(how).arg(file);
                let unread = |Ended { status, said }| {
                    let problem = format!("pg_restore {how}: {status}: {}", said.join("; "));
                    Fault::from(BackupFault::Unverified { problem })
                };
                run(&mut command, url, tick).await.map_err(unread)?;
            }
            Ok(())
        }
        Form::Command => Ok(()),
    }
}

async fn sqlite(file: &Path) -> Result<(), Fault> {
    let found = check_file(file).await?;
    if found.is_empty() {
        return Ok(());
    }
    Err(BackupFault::Unverified { problem: found.join("; ") }.into())
}

fn sql(file: &Path) -> Result<(), Fault> {
    let tail = files::tail(file).map_err(|source| Fault::Io { path: file.to_owned(), source })?;
    if tail.trim_end().lines().last().is_some_and(|line| line.starts_with(COMPLETED)) {
        return Ok(());
    }
    let problem = format!("its last line is not `{COMPLETED}`: it is cut off");
    Err(BackupFault::Unverified { problem }.into())
}
