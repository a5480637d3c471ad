//! Disk against lock file, without a database: what `check`, `deploy` and the macro refuse.

use crate::{Checksum, History, MigrationId};

/// A disagreement between the folder and its lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskProblem {
    /// A sealed migration's text changed.
    Changed {
        /// The id.
        id: MigrationId,
        /// The lock file's checksum.
        sealed: Checksum,
        /// The file's.
        found: Checksum,
        /// Only comments or whitespace changed.
        cosmetic: bool,
    },
    /// A sealed `backfill.sql` changed, vanished or appeared.
    BackfillChanged {
        /// The id.
        id: MigrationId,
        /// The lock file's checksum, if it has one.
        sealed: Option<Checksum>,
        /// The file's, if there is one.
        found: Option<Checksum>,
    },
    /// In the lock file, not on disk.
    Vanished {
        /// The id.
        id: MigrationId,
        /// Whether it is sealed (else a draft).
        sealed: bool,
    },
    /// On disk, not in the lock file: an unrecorded draft.
    Unlisted {
        /// The id.
        id: MigrationId,
    },
    /// Marked `absent`, but on disk.
    NotAbsent {
        /// The id.
        id: MigrationId,
    },
    /// Two ids with one version; a warning only.
    EqualVersions {
        /// The first.
        first: MigrationId,
        /// The second.
        second: MigrationId,
    },
    /// A draft stands before a sealed migration; a warning only.
    DraftBeforeSealed {
        /// The draft.
        draft: MigrationId,
        /// The first sealed one after it.
        sealed: MigrationId,
    },
}

impl DiskProblem {
    /// It is only a warning.
    #[must_use]
    pub const fn is_warning(&self) -> bool {
        matches!(self, Self::EqualVersions { .. } | Self::DraftBeforeSealed { .. })
    }
}

/// Every disagreement between the folder and its lock file, in id order.
#[must_use]
pub fn disk_problems(history: &History) -> Vec<DiskProblem> {
    let _ = history;
    todo!()
}
