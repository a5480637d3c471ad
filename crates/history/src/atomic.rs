//! Files and folders that appear whole or not at all.
//!
//! Invariant: what is renamed into place is on the disk already, not only in a cache.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// A name for something unfinished: hidden, so that readers pass over what a crash leaves.
pub(crate) fn scratch_name(of: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(".tmp-{}-{count}-{of}", std::process::id())
}

/// Replaces the file `folder/name`.
pub(crate) fn replace_file(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let scratch = folder.join(scratch_name(name));
    let written = create_file(&scratch, text)
        .and_then(|()| fs::rename(&scratch, folder.join(name)))
        .and_then(|()| sync_folder(folder));
    if written.is_err() {
        // the first error is the one to report
        let _ = fs::remove_file(&scratch);
    }
    written
}

/// Creates the folder `parent/name` with these files. It must not exist.
pub(crate) fn create_folder(parent: &Path, name: &str, files: &[(&str, &str)]) -> io::Result<()> {
    let scratch = parent.join(scratch_name(name));
    let target = parent.join(name);
    // a rename would replace an empty folder
    if fs::symlink_metadata(&target).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    let fill = || {
        fs::create_dir(&scratch)?;
        for (file, text) in files {
            create_file(&scratch.join(file), text)?;
        }
        sync_folder(&scratch)?;
        fs::rename(&scratch, &target)?;
        sync_folder(parent)
    };
    let written = fill();
    if written.is_err() {
        let _ = fs::remove_dir_all(&scratch);
    }
    written
}

/// Renames the folder `parent/from` to `parent/to`, which must not exist.
pub(crate) fn rename_folder(parent: &Path, from: &str, to: &str) -> io::Result<()> {
    let target = parent.join(to);
    if fs::symlink_metadata(&target).is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    fs::rename(parent.join(from), target).and_then(|()| sync_folder(parent))
}

fn create_file(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Makes a rename in `folder` last. Windows has no such call, and opens no folder as a file.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
