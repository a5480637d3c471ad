//! Files that are replaced whole.
//!
//! Invariant: at every moment a reader finds the old bytes or the new ones, never a part.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file: beside it first, then renamed into place. Its folder is made when it is missing;
/// the permissions of a file that was there stay. An error names the path.
///
/// # Errors
/// The file cannot be written; the old one is intact then.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let write = || {
        create_parent(path)?;
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let scratch = path.with_file_name(format!(".tmp-{}-{name}", std::process::id()));
        let written = fill(&scratch, bytes, path).and_then(|()| fs::rename(&scratch, path));
        if written.is_err() {
            // the first error is the one to report
            let _ = fs::remove_file(&scratch);
        }
        written
    };
    write().map_err(|error| at(path, error))
}

/// Makes the folder of a file. An error names the path.
pub(crate) fn create_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| at(path, error))
}

/// The error with its path.
pub(crate) fn at(path: &Path, error: io::Error) -> io::Error {
    let path = path.display().to_string();
    let text = error.to_string();
    if text.contains(&path) {
        error
    } else {
        io::Error::new(error.kind(), format!("{path}: {text}"))
    }
}

fn fill(scratch: &Path, bytes: &[u8], old: &Path) -> io::Result<()> {
    let mut file = File::create_new(scratch)?;
    if let Ok(about) = fs::metadata(old) {
        file.set_permissions(about.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
