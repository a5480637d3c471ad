//! Where a database stands against the disk: every state of every id, none hiding another.

mod compare;
mod latest;
#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;

pub use compare::survey;

use crate::{Checksum, MigrationId};

/// A row of the ledger, as read. Times are the server's text, UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row's own id, a UUID.
    pub row_id: String,
    /// The migration's id, unchecked: another tool may have written it.
    pub name: String,
    /// Hex, unchecked.
    pub checksum: String,
    /// When it began.
    pub started_at: String,
    /// When it was done.
    pub finished_at: Option<String>,
    /// When it was given up.
    pub rolled_back_at: Option<String>,
    /// Statements (transaction: all or none) that are known to be committed.
    pub steps: u32,
    /// The error, when it failed.
    pub logs: Option<String>,
    /// Milliseconds from start to finish, when both are known.
    pub duration_ms: Option<u64>,
}

/// Where a database stands. Ids in history order within each list; an id that the disk lacks is
/// given as the ledger's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Applied and finished, on disk or not, in the order of the ledger.
    pub applied: Vec<Row>,
    /// On disk (sealed or draft), not applied, not renamed; the rolled back and the out of order
    /// included.
    pub pending: Vec<MigrationId>,
    /// Begun, not finished, and the deploy lock is held.
    pub running: Vec<Unfinished>,
    /// Begun, not finished, and nobody is at it.
    pub failed: Vec<Unfinished>,
    /// The last attempt was rolled back: pending again.
    pub rolled_back: Vec<Failed>,
    /// Applied with another text than the lock file's.
    pub edited: Vec<Edited>,
    /// Applied with a `was:` text; `deploy` re-stamps it.
    pub restamp: Vec<MigrationId>,
    /// Applied, not on disk, before the last id on disk (or no id at all, or nothing is on disk),
    /// not `absent`, not renamed.
    pub missing: Vec<Row>,
    /// Applied, not on disk, after the last id on disk, not `absent`, not renamed.
    pub ahead: Vec<Ahead>,
    /// Pending, older than the newest applied that is on disk, ahead or renamed; not `order:any`.
    pub out_of_order: Vec<MigrationId>,
    /// Not applied, with the text of an applied id that the disk lacks. Neither is listed under
    /// any other state, but for a rolled back attempt of the new name.
    pub renamed: Vec<Renamed>,
    /// Drafts on disk.
    pub drafts: Vec<MigrationId>,
}

/// A migration that was begun and not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The ledger row.
    pub row: Row,
    /// Whether it is on disk.
    pub on_disk: bool,
}

/// The last failed attempt of a pending migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The id.
    pub id: MigrationId,
    /// The ledger row of the last attempt.
    pub row: Row,
}

/// An applied migration whose text is another than what was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The id.
    pub id: MigrationId,
    /// The ledger's checksum, as written there.
    pub recorded: String,
    /// The text's on disk.
    pub found: Checksum,
    /// The disk's text has the tokens that the lock file recorded for the applied one: only
    /// comments or whitespace changed.
    pub cosmetic: bool,
}

/// Applied by a newer release than this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The ledger row.
    pub row: Row,
}

/// A pending id that has a missing one's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The ledger's name.
    pub from: String,
    /// The name on disk.
    pub to: MigrationId,
}

impl Survey {
    /// Nothing is pending, unfinished, edited, missing, out of order or renamed. Ahead is fine.
    #[must_use]
    pub const fn up_to_date(&self) -> bool {
        self.pending.is_empty()
            && self.running.is_empty()
            && self.failed.is_empty()
            && self.edited.is_empty()
            && self.missing.is_empty()
            && self.out_of_order.is_empty()
            && self.renamed.is_empty()
    }

    /// Something that a person must settle before a deploy (exit 4): failed, edited (not
    /// cosmetic), missing, out of order, renamed.
    #[must_use]
    pub fn conflict(&self) -> bool {
        !self.failed.is_empty() || !self.out_of_order.is_empty() || self.diverged()
    }

    /// What was applied is not what is on disk: edited (not cosmetic), missing, renamed.
    #[must_use]
    pub fn diverged(&self) -> bool {
        self.edited.iter().any(|edited| !edited.cosmetic)
            || !self.missing.is_empty()
            || !self.renamed.is_empty()
    }
}
