//! `migrations.lock`, version 1: its lines as values, and the file they are kept in.

use std::fs;
use std::io;
use std::path::Path;

use xtask_db_sql::Dialect;

use crate::{Checksum, LockError, MigrationId, atomic, lock_merge, lock_text};

/// The lock file's name.
pub const LOCK_FILE: &str = "migrations.lock";

/// A lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFile {
    /// The database family.
    pub provider: Dialect,
    /// The ledger table's name, unqualified.
    pub table: String,
    /// In id order.
    pub entries: Vec<Entry>,
}

/// A line of the lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Its text is fixed.
    Sealed(Sealed),
    /// It may still change.
    Draft(MigrationId),
    /// Known to exist elsewhere: not a hole.
    Absent(MigrationId),
}

/// A sealed migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The id.
    pub id: MigrationId,
    /// SHA-256 of `migration.sql`.
    pub sha256: Checksum,
    /// SHA-256 of its token stream.
    pub tokens: Checksum,
    /// Earlier texts that databases may hold.
    pub was: Vec<Checksum>,
    /// SHA-256 of `backfill.sql`.
    pub backfill: Option<Checksum>,
    /// Reviewed: `deploy` may apply it after later ones.
    pub order_any: bool,
}

impl LockFile {
    /// An empty lock file.
    #[must_use]
    pub fn new(provider: Dialect, table: &str) -> Self {
        Self { provider, table: table.to_owned(), entries: Vec::new() }
    }

    /// Reads the text of a lock file.
    ///
    /// # Errors
    /// See [`LockError`]; never `Missing` or `Io`.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        lock_text::parse(text)
    }

    /// Reads the lock file of a migrations folder.
    ///
    /// # Errors
    /// See [`LockError`].
    pub fn read(migrations: &Path) -> Result<Self, LockError> {
        let path = migrations.join(LOCK_FILE);
        match read_regular(&path) {
            Ok(bytes) => Self::parse(&lock_text::decode(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(LockError::Missing { path })
            }
            Err(source) => Err(LockError::Io { path, source }),
        }
    }

    /// Writes the lock file of a migrations folder atomically: temp file, fsync, rename. A file
    /// that says the same already is left alone, so that nothing is rebuilt for it.
    ///
    /// # Errors
    /// It cannot be written, or its text could not be read back; the old one is intact then.
    pub fn write(&self, migrations: &Path) -> Result<(), LockError> {
        let text = self.to_string();
        if Self::parse(&text)? != *self {
            let problem = format!("the table name `{}` cannot be kept", self.table);
            return Err(LockError::Syntax { line: 4, problem });
        }
        let path = migrations.join(LOCK_FILE);
        if read_regular(&path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        fs::create_dir_all(migrations)
            .and_then(|()| atomic::replace_file(migrations, LOCK_FILE, &text))
            .map_err(|source| LockError::Io { path, source })
    }

    /// The sealed line of an id.
    #[must_use]
    pub fn sealed(&self, id: &MigrationId) -> Option<&Sealed> {
        self.entry(id).and_then(Entry::as_sealed)
    }

    /// The line of an id.
    #[must_use]
    pub fn entry(&self, id: &MigrationId) -> Option<&Entry> {
        self.place(id).ok().map(|at| &self.entries[at])
    }

    /// Puts a line in its place, instead of the one its id has.
    pub fn put(&mut self, entry: Entry) {
        match self.place(entry.id()) {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
    }

    /// Takes the line of an id out.
    pub fn remove(&mut self, id: &MigrationId) {
        if let Ok(at) = self.place(id) {
            self.entries.remove(at);
        }
    }

    /// Joins the two sides of a conflicted lock file text: the union of the lines, in id order.
    /// A text without markers, joined by hand or by git's `union` driver, is put in order.
    ///
    /// # Errors
    /// The sides disagree about one id, provider or table (`Syntax`, both lines named), or a side
    /// is no lock file.
    pub fn merge_conflicted(text: &str) -> Result<Self, LockError> {
        lock_merge::merge(text)
    }

    pub(crate) fn place(&self, id: &MigrationId) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.id().cmp(id))
    }
}

impl Entry {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> &MigrationId {
        match self {
            Self::Sealed(sealed) => &sealed.id,
            Self::Draft(id) | Self::Absent(id) => id,
        }
    }

    /// The line, when it is a sealed one.
    #[must_use]
    pub const fn as_sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Sealed(sealed) => Some(sealed),
            Self::Draft(_) | Self::Absent(_) => None,
        }
    }
}

/// Reads a file without ever waiting for the writer of a FIFO.
fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    fs::read(path)
}
