//! Where a server keeps its files: a folder of its own under `target/`, removed with it.
//!
//! Invariant: the unprivileged user can reach the folder, and a socket's path in it is short.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;

use super::{ServerError, account};

/// Below the ports that Linux gives to clients: a server that is started seconds after its port was
/// chosen would find one of those taken.
const QUIET_PORTS: std::ops::Range<u16> = 20_000..32_000;
/// A socket's path has 107 bytes; the file name needs some of them.
const FOLDER_BYTES_MAX: usize = 80;

/// Whether a server waits for its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syncing {
    /// As in production: for measuring.
    Durable,
    /// Never: tests may lose their data.
    Off,
}

/// A folder that is removed when the value is dropped.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// A folder for one server under `target`, or under the system's temporary folder where the
    /// unprivileged user cannot reach `target`.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(target: &Path, name: &str) -> Result<Self, ServerError> {
        let parent = parent(target);
        let file = |error| ServerError::File { path: parent.clone(), error };
        fs::create_dir_all(&parent).map_err(file)?;
        sweep(&parent);
        let prefix = format!("{name}-{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(&parent).map_err(file)?;
        account::hand_over(folder.path())?;
        Ok(Self { folder })
    }

    /// A path in the folder.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a folder that the server can write to.
    pub(super) fn folder(&self, name: &str) -> Result<(), ServerError> {
        let path = self.join(name);
        fs::create_dir(&path).map_err(|error| ServerError::File { path: path.clone(), error })?;
        account::hand_over(&path)
    }

    /// Writes a file that the server can read.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf, ServerError> {
        let path = self.join(name);
        fs::write(&path, text).map_err(|error| ServerError::File { path: path.clone(), error })?;
        account::hand_over(&path)?;
        Ok(path)
    }
}

/// A port that nobody listens on at this moment.
pub(super) fn free_port() -> Result<u16, ServerError> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|l| l.local_addr());
    let port = bound.map_err(|error| ServerError::File { path: "127.0.0.1".into(), error })?;
    Ok(port.port())
}

/// Ports that nobody listens on, and that no client gets; none twice in a process.
pub(super) fn quiet_ports<const N: usize>() -> Result<[u16; N], ServerError> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let width = QUIET_PORTS.end - QUIET_PORTS.start;
    let start = u16::try_from(std::process::id() % u32::from(width)).unwrap_or_default();
    let mut found = [0; N];
    for port in &mut found {
        *port = (0..width)
            .map(|_| {
                (u32::from(start) + u32::from(NEXT.fetch_add(1, Ordering::Relaxed)))
                    % u32::from(width)
            })
            .filter_map(|offset| u16::try_from(offset).ok())
            .map(|offset| QUIET_PORTS.start + offset)
            .find(|&port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
            .ok_or_else(|| ServerError::File {
                path: "127.0.0.1".into(),
                error: io::ErrorKind::AddrInUse.into(),
            })?;
    }
    Ok(found)
}

fn parent(target: &Path) -> PathBuf {
    let own = target.join("servers");
    let reachable = fs::create_dir_all(&own).is_ok() && account::can_reach(&own);
    if reachable && own.as_os_str().len() <= FOLDER_BYTES_MAX {
        own
    } else {
        let user = rustix::process::getuid().as_raw();
        std::env::temp_dir().join(format!("xtask-db-servers-{user}"))
    }
}

/// Removes what runs that were killed left behind. A folder is named `<server>-<pid>-<random>`.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let pid =
            name.to_str().and_then(|n| n.split('-').nth(1)).and_then(|p| p.parse::<u32>().ok());
        let gone = pid.is_some_and(|pid| {
            fs::metadata(format!("/proc/{pid}")).is_err_and(|e| e.kind() == io::ErrorKind::NotFound)
        });
        if gone && Path::new("/proc/self").exists() {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}
