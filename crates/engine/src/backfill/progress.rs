//! The progress row: how far a backfill is, in the meta table, under the id of its ledger row. What
//! is reverted and applied again has a new ledger row, and starts anew.

use serde::{Deserialize, Serialize};
use xtask_db_sql::{Dialect, ident};

use super::key::KeyKind;
use super::state::BackfillState;
use crate::{Error, Session, meta};

/// The start of the meta key.
const KEY: &str = "backfill:";
/// Format of the value.
pub(super) const FORMAT: u32 = 1;

/// How far a backfill is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(super) format: u32,
    pub(super) state: BackfillState,
    /// Of the `backfill.sql` that the batches ran with.
    pub(super) checksum: String,
    pub(super) kind: KeyKind,
    /// The last key that is done; at first one below the first key.
    pub(super) from: String,
    /// The largest key when it was begun; none: there was no key.
    pub(super) end: Option<String>,
    /// The last batch is done; what is left is the verify.
    pub(super) walked: bool,
    /// Keys of the next batch.
    pub(super) size: u64,
    /// Keys that are done.
    pub(super) keys: u64,
    /// Keys when it was begun.
    pub(super) total: u64,
    /// Rows that were changed, as the server counts them.
    pub(super) rows: u64,
    pub(super) batches: u64,
    /// Milliseconds at work, of all runs.
    pub(super) spent_ms: u64,
    /// Who ran or paused it last.
    pub(super) who: String,
}

/// The meta key of a ledger row's backfill.
pub(super) fn key(row_id: &str) -> String {
    format!("{KEY}{row_id}")
}

impl Progress {
    /// A value as it was read.
    pub(super) fn read(value: &str) -> Result<Self, Error> {
        let read: Self = serde_json::from_str(value).map_err(|_| Error::LedgerFormat {
            found: "a progress row that cannot be read".to_owned(),
            known: FORMAT,
        })?;
        match read.format {
            FORMAT => Ok(read),
            other => Err(Error::LedgerFormat { found: other.to_string(), known: FORMAT }),
        }
    }

    /// The statement that writes it, where the row is there.
    pub(super) fn update_sql(&self, session: &Session, row_id: &str) -> Result<String, Error> {
        Ok(meta::put(session, &key(row_id), &self.text()?))
    }

    /// The statement that writes it, unless the row is there.
    pub(super) fn insert_sql(&self, session: &Session, row_id: &str) -> Result<String, Error> {
        Ok(meta::insert_if_absent(session, &key(row_id), &self.text()?))
    }

    fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::Server {
            doing: "writing the progress of a backfill",
            error: crate::DbError::unexpected(&error.to_string()),
        })
    }
}

/// The query for a progress row that holds it until the transaction ends; its second column says
/// whether the migration is applied.
pub(super) fn select_for_update(session: &Session, row_id: &str) -> String {
    // SQLite: the transaction has the file's write lock.
    let lock = if session.dialect() == Dialect::Sqlite { "" } else { " FOR UPDATE" };
    format!(
        "SELECT value, (SELECT COUNT(*) FROM {ledger} AS l WHERE l.id = {row} \
         AND l.finished_at IS NOT NULL AND l.rolled_back_at IS NULL) FROM {meta} \
         WHERE {column} = {key}{lock}",
        ledger = session.names.ledger,
        row = session.lit(row_id),
        meta = session.names.meta,
        column = ident(session.dialect(), "key"),
        key = session.lit(&key(row_id)),
    )
}

/// Changes a progress row in a transaction of its own: after the batch that runs now, before the
/// next one. None when there is no such row.
pub(super) async fn change(
    session: &mut Session,
    row_id: &str,
    change: impl FnOnce(&mut Progress),
) -> Result<Option<Progress>, Error> {
    let doing = "writing the progress of a backfill";
    session.tool(doing, session.begin()).await?;
    let changed = async {
        let select = select_for_update(session, row_id);
        let rows = session.read(doing, &select).await?;
        let value = rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten();
        let Some(value) = value else { return Ok(None) };
        let mut progress = Progress::read(&value)?;
        change(&mut progress);
        let update = progress.update_sql(session, row_id)?;
        session.tool(doing, &update).await?;
        Ok(Some(progress))
    }
    .await;
    match changed {
        Ok(changed) => {
            let committed = session.commit().await;
            committed.map_err(|error| Error::Server { doing, error })?;
            Ok(changed)
        }
        Err(error) => {
            let _ = session.run("ROLLBACK").await;
            Err(error)
        }
    }
}

/// Before a migration is reverted: no batch of its backfill runs from here on.
pub(crate) async fn hold_off(session: &mut Session, row_id: &str) -> Result<(), Error> {
    let held = change(session, row_id, |progress| {
        if progress.state == BackfillState::Running {
            progress.state = BackfillState::Paused;
        }
    });
    held.await.map(drop)
}
