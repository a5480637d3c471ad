//! Reverts migrations, newest first.

use xtask_db_history::{History, MigrationId};

use crate::{DownOptions, DownReport, Error, Observer, Session};

/// The text that reverts a migration: `down.sql`, else what the database kept when it applied it.
/// The first element names where it came from.
///
/// # Errors
/// The meta table cannot be read.
pub async fn down_text(
    session: &mut Session,
    history: &History,
    id: &str,
) -> Result<Option<(String, String)>, Error> {
    let _ = (session, history, id);
    todo!()
}

/// Runs the down text of each id, in the order given (newest first), each in one transaction with
/// its ledger row where DDL can be rolled back. Every text is looked up before the first runs.
///
/// # Errors
/// `Error::Id` when one is not applied or has no down text; nothing was run then.
pub async fn down(
    session: &mut Session,
    history: &History,
    ids: &[MigrationId],
    options: &DownOptions,
    observer: &mut dyn Observer,
) -> Result<DownReport, Error> {
    let _ = (session, history, ids, options, observer);
    todo!()
}
