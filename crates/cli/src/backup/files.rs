//! Bytes on the disk: sealed, hashed, and made to stay.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// How much of a file is in memory while it is hashed.
const CHUNK_BYTES: usize = 1 << 20;
/// How much of a file's end is looked at.
const TAIL_BYTES: u64 = 4096;

/// A new file that only its owner may read: a dump holds what the database does.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder that only its owner may read.
pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The SHA-256 of a file as it is on the disk now, and its size.
pub(super) fn hash(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut size = 0;
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        hasher.update(&chunk[..read]);
        size += read as u64;
    }
    Ok((hex(&hasher.finalize()), size))
}

/// Copies a file, on the disk when this returns, and returns its SHA-256.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<String> {
    let mut source = File::open(from)?;
    let mut target = File::create_new(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()?;
    Ok(hash(to)?.0)
}

/// The SHA-256 of a text.
pub(super) fn hash_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The last bytes of a file, as text.
pub(super) fn tail(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The names of a folder are on the disk too.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows has no such call, and writes names through.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
