//! The history on disk: ids, migration folders, checksums, the lock file, and the plan that
//! compares disk, lock file and ledger.
//!
//! Invariant: planning is pure. Only `folder` and `lockfile::{read, write}` touch the file system.

mod against;
mod bytes;
mod checksum;
mod error;
mod folder;
mod id;
mod lockfile;
mod migration;
mod survey;
mod verdict;

pub use against::{Breach, against};
pub use bytes::{TextError, canonical};
pub use checksum::{Checksum, token_hash};
pub use error::{FolderError, IdError, LockError};
pub use folder::{read_folder, write_migration};
pub use id::{MigrationId, next_id, slug};
pub use lockfile::{Entry, LOCK_FILE, LockFile, Sealed};
pub use migration::{History, Migration, SqlFile};
pub use survey::{Ahead, Edited, Failed, Renamed, Row, Survey, Unfinished, survey};
pub use verdict::{DiskProblem, disk_problems};
