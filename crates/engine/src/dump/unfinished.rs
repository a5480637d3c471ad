//! MySQL commits each statement of a restore: a table says, while it runs, that the database is not
//! whole. Its comment names the backup.
//!
//! Invariant: the table is there before the first statement of a restore and goes after the last,
//! so a restore that was cut short is never taken for a database.

use xtask_db_sql::Dialect;

use crate::{Error, Session};

/// There while a restore runs.
pub(crate) const RESTORING_TABLE: &str = "_xtask_db_restoring";
/// How much of a file's name a comment holds.
const NAME_MAX: usize = 1000;

/// The query for the backup that a restore has not come to its end with, as one column.
pub(crate) fn select() -> String {
    format!(
        "SELECT TABLE_COMMENT FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{RESTORING_TABLE}'"
    )
}

/// The backup that a restore has not come to its end with.
///
/// # Errors
/// The catalog cannot be read.
pub async fn unfinished_restore(session: &mut Session) -> Result<Option<String>, Error> {
    if session.dialect() != Dialect::Mysql {
        return Ok(None);
    }
    let rows = session.read("reading the catalog", &select()).await?;
    Ok(rows.into_iter().flatten().flatten().next())
}

/// Refuses a database that is not whole.
pub(crate) async fn refuse_unfinished(session: &mut Session) -> Result<(), Error> {
    match unfinished_restore(session).await? {
        Some(file) => Err(half_restored(session, file)),
        None => Ok(()),
    }
}

pub(crate) fn half_restored(session: &Session, file: String) -> Error {
    Error::HalfRestored { database: session.server().database.clone(), file }
}

/// Says that a restore begins; elsewhere it runs in one transaction and nothing need be said.
///
/// # Errors
/// The table cannot be created.
pub async fn begin_restore(session: &mut Session, file: &str) -> Result<(), Error> {
    if session.dialect() != Dialect::Mysql {
        return Ok(());
    }
    let file: String = file.chars().take(NAME_MAX).collect();
    let sql =
        format!("CREATE TABLE {RESTORING_TABLE} (nothing INT) COMMENT = {}", session.lit(&file));
    session.tool("marking the restore", &sql).await.map(drop)
}

/// Says that it has come to its end.
///
/// # Errors
/// The table cannot be dropped.
pub async fn end_restore(session: &mut Session) -> Result<(), Error> {
    if session.dialect() != Dialect::Mysql {
        return Ok(());
    }
    let sql = format!("DROP TABLE IF EXISTS {RESTORING_TABLE}");
    session.tool("marking the restore", &sql).await.map(drop)
}
