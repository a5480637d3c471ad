//! The SQL that `deploy` would run, for a person to run.

use xtask_db_history::{History, MigrationId};

use crate::Error;

/// The SQL of these migrations with the bookkeeping, as one script for the server's own client.
///
/// # Errors
/// A file cannot be split.
pub fn script(history: &History, ids: &[MigrationId], tool: &str) -> Result<String, Error> {
    let _ = (history, ids, tool);
    todo!()
}
