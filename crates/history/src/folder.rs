//! Reads and writes migration folders, following nothing out of them.

use std::path::{Path, PathBuf};

use crate::{FolderError, Migration, MigrationId};

/// All migrations of a folder, in order. Every problem is reported, not only the first.
///
/// # Errors
/// What is refused before any connection; never empty.
pub fn read_folder(dir: &Path) -> Result<Vec<Migration>, Vec<FolderError>> {
    let _ = dir;
    todo!()
}

/// Creates the folder of a new migration with these files (`migration.sql`, …), all or nothing:
/// written beside and renamed into place. Returns the folder.
///
/// # Errors
/// It exists already, or cannot be written.
pub fn write_migration(
    dir: &Path,
    id: &MigrationId,
    files: &[(&str, &str)],
) -> Result<PathBuf, FolderError> {
    let _ = (dir, id, files);
    todo!()
}
