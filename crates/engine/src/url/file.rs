//! URLs of SQLite files: `sqlite:path`, `sqlite://path`, `file:path`, `sqlite::memory:`.

use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::params::is_name;
use crate::UrlError;

/// Prisma's pool settings; a session has one connection.
const REMOVED: [&str; 4] =
    ["connection_limit", "connect_timeout", "pool_timeout", "socket_timeout"];

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// It must be there.
    #[default]
    ReadWrite,
    ReadOnly,
    /// The application wants it made when it is missing.
    Create,
}

/// An SQLite file, or a database in memory.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct FileUrl {
    /// None: in memory.
    pub(super) path: Option<PathBuf>,
    pub(super) mode: Mode,
    pub(super) immutable: bool,
    pub(super) vfs: Option<String>,
}

impl FileUrl {
    pub(super) const fn memory() -> Self {
        Self { path: None, mode: Mode::ReadWrite, immutable: false, vfs: None }
    }

    /// Reads what follows the scheme and its colon.
    pub(super) fn parse(rest: &str, base: &Path) -> Result<Self, UrlError> {
        let (path, query) = rest.split_once('?').map_or((rest, ""), |(path, query)| (path, query));
        let mut file = Self::memory();
        let mut in_memory = false;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("mode", "memory") => in_memory = true,
                ("mode", "ro") => file.mode = Mode::ReadOnly,
                ("mode", "rw") => file.mode = Mode::ReadWrite,
                ("mode", "rwc") => file.mode = Mode::Create,
                // One connection has nobody to share a cache with.
                ("cache", "shared" | "private") => {}
                ("immutable", "true" | "1") => file.immutable = true,
                ("immutable", "false" | "0") => file.immutable = false,
                ("vfs", vfs) => file.vfs = Some(vfs.to_owned()),
                ("mode" | "cache" | "immutable", _) => {
                    return Err(malformed(format!("has an unknown value for {name}")));
                }
                (name, _) if REMOVED.contains(&name) => {}
                (name, _) if is_name(name) => {
                    return Err(UrlError::Parameter { name: name.to_owned() });
                }
                _ => return Err(malformed("has a parameter without a proper name".to_owned())),
            }
        }
        let path = strip_authority(path);
        if path == ":memory:" || in_memory {
            return Ok(Self { path: None, ..file });
        }
        file.path = Some(full_path(path, base)?);
        Ok(file)
    }

    /// The path, or `:memory:`.
    pub(super) fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string())
    }

    /// Another file, relative to this one's folder.
    pub(super) fn beside(&self, name: &str) -> Self {
        let folder = self.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        Self { path: (name != ":memory:").then(|| folder.join(name)), ..self.clone() }
    }
}

impl fmt::Display for FileUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.name())?;
        let mode = match self.mode {
            Mode::ReadWrite => None,
            Mode::ReadOnly => Some("mode=ro"),
            Mode::Create => Some("mode=rwc"),
        };
        let immutable = self.immutable.then_some("immutable=1");
        let shown: Vec<&str> = mode.into_iter().chain(immutable).collect();
        if shown.is_empty() { Ok(()) } else { write!(f, "?{}", shown.join("&")) }
    }
}

/// `//path` and `//localhost/path` are other spellings of a path.
fn strip_authority(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("//") else { return path };
    let path = rest.strip_prefix("localhost").filter(|p| p.starts_with('/')).unwrap_or(rest);
    match path.strip_prefix('/') {
        Some(drive) if cfg!(windows) && drive.as_bytes().get(1) == Some(&b':') => drive,
        _ => path,
    }
}

fn full_path(path: &str, base: &Path) -> Result<PathBuf, UrlError> {
    let decoded = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| malformed("has a path that is not UTF-8".to_owned()))?;
    if decoded.is_empty() {
        return Err(malformed("has no file".to_owned()));
    }
    if decoded.contains('\0') {
        return Err(malformed("has a NUL in its path".to_owned()));
    }
    if decoded.ends_with('/') || decoded.ends_with("/..") || [".", ".."].contains(&&*decoded) {
        return Err(malformed("names a folder, not a file".to_owned()));
    }
    let joined: PathBuf = base.join(&*decoded).components().collect();
    // SQLite reads a name that starts with `file:` as a URI of its own.
    let is_uri = joined.as_os_str().as_encoded_bytes().starts_with(b"file:");
    Ok(if is_uri { Path::new(".").join(joined) } else { joined })
}

const fn malformed(problem: String) -> UrlError {
    UrlError::Malformed { problem }
}
