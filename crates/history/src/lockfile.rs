//! `migrations.lock`, version 1.

use std::path::Path;

use xtask_db_sql::Dialect;

use crate::{Checksum, LockError, MigrationId};

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
        let _ = text;
        todo!()
    }

    /// Reads the lock file of a migrations folder.
    ///
    /// # Errors
    /// See [`LockError`].
    pub fn read(migrations: &Path) -> Result<Self, LockError> {
        let _ = migrations;
        todo!()
    }

    /// Writes the lock file of a migrations folder atomically: temp file, fsync, rename.
    ///
    /// # Errors
    /// It cannot be written; the old one is intact then.
    pub fn write(&self, migrations: &Path) -> Result<(), LockError> {
        let _ = migrations;
        todo!()
    }

    /// The sealed line of an id.
    #[must_use]
    pub fn sealed(&self, id: &MigrationId) -> Option<&Sealed> {
        let _ = id;
        todo!()
    }

    /// The line of an id.
    #[must_use]
    pub fn entry(&self, id: &MigrationId) -> Option<&Entry> {
        let _ = id;
        todo!()
    }

    /// Puts a line in its place, instead of the one its id has.
    pub fn put(&mut self, entry: Entry) {
        let _ = entry;
        todo!()
    }

    /// Takes the line of an id out.
    pub fn remove(&mut self, id: &MigrationId) {
        let _ = id;
        todo!()
    }

    /// Joins the two sides of a conflicted lock file text: the union of the lines, in id order.
    ///
    /// # Errors
    /// The sides disagree about one id, provider or table (`Syntax`, both lines named), or a side
    /// is no lock file.
    pub fn merge_conflicted(text: &str) -> Result<Self, LockError> {
        let _ = text;
        todo!()
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
}

impl std::fmt::Display for LockFile {
    /// The file's text, header included, a line feed after each line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let _ = f;
        todo!()
    }
}
