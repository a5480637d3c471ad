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

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> MigrationId {
        name.parse().unwrap()
    }

    #[test]
    fn lines_keep_their_order() {
        let mut lock = LockFile::new(Dialect::Sqlite, "t");
        for name in ["20260102_b", "3_x", "20260101_a", "20260102_a"] {
            lock.put(Entry::Draft(id(name)));
        }
        lock.put(Entry::Absent(id("20260101_a")));
        lock.remove(&id("20260102_b"));
        lock.remove(&id("20260102_b"));
        let expected = [
            Entry::Draft(id("3_x")),
            Entry::Absent(id("20260101_a")),
            Entry::Draft(id("20260102_a")),
        ];
        assert_eq!(lock.entries, expected);
        assert_eq!(lock.entry(&id("3_x")), Some(&expected[0]));
        assert_eq!(lock.entry(&id("3_y")), None);
        assert_eq!(lock.sealed(&id("3_x")), None);
    }

    #[test]
    fn written_and_read() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("migrations");
        assert!(matches!(LockFile::read(&dir), Err(LockError::Missing { .. })));
        let mut lock = LockFile::new(Dialect::Postgres, "t");
        lock.write(&dir).unwrap();
        lock.put(Entry::Draft(id("20260101_a")));
        lock.write(&dir).unwrap();
        assert_eq!(LockFile::read(&dir).unwrap(), lock);
        assert_eq!(fs::read_to_string(dir.join(LOCK_FILE)).unwrap(), lock.to_string());
        let names: Vec<_> = fs::read_dir(&dir).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, [LOCK_FILE]);
    }

    #[test]
    fn an_equal_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let lock = LockFile::new(Dialect::Postgres, "t");
        lock.write(dir.path()).unwrap();
        let path = dir.path().join(LOCK_FILE);
        let long_ago = std::time::UNIX_EPOCH;
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(long_ago).unwrap();
        lock.write(dir.path()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        LockFile::new(Dialect::Sqlite, "t").write(dir.path()).unwrap();
        for table in ["", " t", "t\nabsent 1", "t\r"] {
            let lock = LockFile::new(Dialect::Sqlite, table);
            let error = lock.write(dir.path()).unwrap_err();
            assert!(matches!(error, LockError::Syntax { .. }), "{table:?}: {error}");
        }
        assert_eq!(LockFile::read(dir.path()).unwrap().table, "t");
    }

    #[test]
    fn a_folder_in_its_place() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(LOCK_FILE)).unwrap();
        assert!(matches!(LockFile::read(dir.path()), Err(LockError::Io { .. })));
        let lock = LockFile::new(Dialect::Sqlite, "t");
        assert!(matches!(lock.write(dir.path()), Err(LockError::Io { .. })));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
