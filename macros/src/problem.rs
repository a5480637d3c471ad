//! What is refused, as facts; the wording is `message`'s.

use std::path::PathBuf;

use xtask_db_history::{DiskProblem, FolderError, LockError};

/// One reason not to build.
#[derive(Debug)]
pub(crate) enum Problem {
    /// No lock file from the manifest upward.
    NotFound {
        /// The manifest's folder.
        from: PathBuf,
    },
    /// The folder of the argument does not exist.
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The lock file cannot be used.
    Lock {
        /// The lock file.
        path: PathBuf,
        /// Why not.
        error: LockError,
    },
    /// Something in the folder is refused.
    Folder(FolderError),
    /// A path that Rust source cannot name.
    NotUnicode {
        /// The path.
        path: PathBuf,
    },
    /// Folder and lock file disagree.
    Disk {
        /// The migrations folder.
        folder: PathBuf,
        /// What about.
        problem: DiskProblem,
    },
}
