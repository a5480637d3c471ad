//! The history on disk: ids, migration folders, checksums, the lock file, and the plan that
//! compares disk, lock file and ledger.
//!
//! Invariant: planning is pure. Only `folder`, `lockfile::{read, write}` and `atomic`, which both
//! write with, touch the file system.

mod against;
mod alike;
mod atomic;
mod bytes;
mod checksum;
mod error;
mod folder;
mod id;
mod lock_merge;
mod lock_text;
mod lockfile;
mod migration;
mod next;
mod rebase;
#[cfg(test)]
mod scenario;
mod seal;
mod survey;
mod verdict;

pub use against::{Breach, against};
pub use bytes::{TextError, canonical};
pub use checksum::{Checksum, token_hash};
pub use error::{FolderError, IdError, LockError};
pub use folder::{read_folder, rename_migration, write_migration};
pub use id::MigrationId;
pub use lockfile::{Entry, LOCK_FILE, LockFile, Sealed};
pub use migration::{History, Migration, SqlFile};
pub use next::{next_id, slug};
pub use rebase::{Move, half_moved, move_last, rebase};
pub use seal::NotCosmetic;
pub use survey::{Ahead, Edited, Failed, Renamed, Row, Survey, Unfinished, survey};
pub use verdict::{DiskProblem, disk_problems};
