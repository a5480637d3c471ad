//! A migrations folder as another tool left it: names and bytes, nothing interpreted.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Bytes by file name.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The largest file that is read. A migration is far smaller; a dump that was left there is not.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The files of a folder and of its subfolders, one level deep.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Directly in the folder.
    pub(super) files: Files,
    /// By subfolder.
    pub(super) folders: BTreeMap<String, Files>,
}

impl Listing {
    /// Reads a folder. Hidden names are passed over, as every tool does.
    pub(super) fn read(dir: &Path) -> io::Result<Self> {
        let mut listing = Self { files: read_files(dir)?, folders: BTreeMap::new() };
        for (name, path) in entries(dir)? {
            if path.is_dir() {
                listing.folders.insert(name, read_files(&path)?);
            }
        }
        Ok(listing)
    }
}

fn read_files(dir: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    for (name, path) in entries(dir)? {
        let about = fs::metadata(&path)?;
        if !about.is_file() {
            continue;
        }
        if about.len() > FILE_BYTES_MAX {
            let problem = format!("{} has {} bytes", path.display(), about.len());
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
        }
        files.insert(name, fs::read(&path)?);
    }
    Ok(files)
}

fn entries(dir: &Path) -> io::Result<Vec<(String, std::path::PathBuf)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
            let problem = format!("{} has a name that is not UTF-8", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        };
        if !name.starts_with('.') {
            entries.push((name, path));
        }
    }
    Ok(entries)
}
