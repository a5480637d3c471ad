//! A migration and a history as values, from disk or embedded in an application.

use std::borrow::Cow;

use xtask_db_sql::Dialect;

use crate::{Checksum, LockFile, MigrationId};

/// A file of a migration: canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlFile {
    /// For messages: `migrations/<id>/migration.sql`, as the folder was named.
    pub path: Cow<'static, str>,
    /// Canonical text.
    pub text: Cow<'static, str>,
}

/// A migration folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The folder's name.
    pub id: MigrationId,
    /// `migration.sql`.
    pub up: SqlFile,
    /// Its checksum.
    pub checksum: Checksum,
    /// `down.sql`.
    pub down: Option<SqlFile>,
    /// `verify.sql`.
    pub verify: Option<SqlFile>,
    /// `backfill.sql`.
    pub backfill: Option<SqlFile>,
    /// `README.md`.
    pub readme: Option<String>,
}

/// What the engine is given: the migrations in order, and the lock file beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// In id order.
    pub migrations: Vec<Migration>,
    /// The lock file.
    pub lock: LockFile,
}

impl History {
    /// The database family, from the lock file.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.lock.provider
    }

    /// The migration with this id.
    #[must_use]
    pub fn get(&self, id: &MigrationId) -> Option<&Migration> {
        let at = self.migrations.binary_search_by(|migration| migration.id.cmp(id));
        at.ok().map(|at| &self.migrations[at])
    }
}
