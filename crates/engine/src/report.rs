//! What was done.

use std::time::Duration;

use xtask_db_history::MigrationId;

/// A migration that was applied or reverted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The id.
    pub id: MigrationId,
    /// Statements run by this call (a resumed migration runs the rest only).
    pub statements: u32,
    /// How long it took.
    pub took: Duration,
}

/// What `deploy` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeployReport {
    /// In order; with `dry_run`, what would be applied.
    pub applied: Vec<Applied>,
    /// Ledger rows that got the lock file's checksum in place of a `was:`.
    pub restamped: Vec<MigrationId>,
    /// Applied by a newer release.
    pub ahead: Vec<String>,
    /// The database was not what the last deploy left; none: there was nothing to compare with.
    pub drifted: Option<bool>,
    /// The environment marker after the run.
    pub environment: Option<String>,
    /// How many ids were applied before.
    pub before: usize,
    /// The first migration that waits for a backfill: it and what follows was not applied.
    pub waiting: Option<WaitsFor>,
}

/// A migration that waits for the backfill of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitsFor {
    /// What waits.
    pub id: MigrationId,
    /// Whose backfill is not done.
    pub backfill: MigrationId,
}

/// What `down` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DownReport {
    /// Newest first.
    pub reverted: Vec<Applied>,
}

/// What `resolve` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolveReport {
    /// Ids whose ledger rows were written.
    pub changed: Vec<String>,
    /// Ids that already were as asked.
    pub unchanged: Vec<String>,
    /// `--resume`: what was run.
    pub applied: Vec<Applied>,
}
