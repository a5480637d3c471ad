//! Where the backfills of a history stand, from what was read of the ledger.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use xtask_db_history::{History, Migration, MigrationId, Row};

use super::progress::{Progress, key};
use crate::{Error, Ledger};

/// The state of a backfill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackfillState {
    /// Its migration is applied, and no batch has run.
    Waiting,
    /// Begun and not done: a runner is at it, or was.
    Running,
    /// Held by a person.
    Paused,
    /// Every batch has run, and its verify has passed.
    Done,
}

/// How far a backfill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackfillProgress {
    /// Its state.
    pub state: BackfillState,
    /// Keys that are done.
    pub keys: u64,
    /// Keys when it was begun.
    pub total: u64,
    /// Rows that were changed, as the server counts them.
    pub rows: u64,
    /// Batches that are committed.
    pub batches: u64,
    /// The time at work, of all runs.
    pub spent: Duration,
}

/// A backfill of an applied migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfilling {
    /// The migration.
    pub id: MigrationId,
    /// How far it is.
    pub progress: BackfillProgress,
}

impl BackfillProgress {
    /// Not begun.
    pub(super) const WAITING: Self = Self {
        state: BackfillState::Waiting,
        keys: 0,
        total: 0,
        rows: 0,
        batches: 0,
        spent: Duration::ZERO,
    };

    pub(super) fn of(progress: &Progress) -> Self {
        Self {
            state: progress.state,
            keys: progress.keys,
            total: progress.total,
            rows: progress.rows,
            batches: progress.batches,
            spent: Duration::from_millis(progress.spent_ms),
        }
    }

    /// Keys in a second; none before the first batch.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "it is shown to a person")]
        let keys = self.keys as f64;
        let spent = self.spent.as_secs_f64();
        (keys > 0.0 && spent > 0.0).then(|| keys / spent)
    }

    /// The time that is left at this rate; none while that is not known.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        #[expect(clippy::cast_precision_loss, reason = "it is shown to a person")]
        let keys = self.total.saturating_sub(self.keys) as f64;
        self.rate().and_then(|rate| Duration::try_from_secs_f64(keys / rate).ok())
    }
}

/// The backfills of the migrations that are applied, in order.
///
/// # Errors
/// `Error::LedgerFormat` when a later version wrote one.
pub fn backfills(history: &History, ledger: &Ledger) -> Result<Vec<Backfilling>, Error> {
    let with = history.migrations.iter().filter(|migration| migration.backfill.is_some());
    let mut all = Vec::new();
    for migration in with {
        if let Some(progress) = of(migration, ledger)? {
            all.push(Backfilling { id: migration.id.clone(), progress });
        }
    }
    Ok(all)
}

/// Where a migration's backfill stands; none when the migration is not applied.
pub(super) fn of(
    migration: &Migration,
    ledger: &Ledger,
) -> Result<Option<BackfillProgress>, Error> {
    let Some(row) = applied(&ledger.rows, &migration.id) else { return Ok(None) };
    Ok(Some(match ledger.meta.get(&key(&row.row_id)) {
        Some(value) => BackfillProgress::of(&Progress::read(value)?),
        None => BackfillProgress::WAITING,
    }))
}

/// The row that says that a migration is applied.
pub(super) fn applied<'a>(rows: &'a [Row], id: &MigrationId) -> Option<&'a Row> {
    rows.iter().rev().find(|row| {
        row.name == id.as_str() && row.finished_at.is_some() && row.rolled_back_at.is_none()
    })
}
