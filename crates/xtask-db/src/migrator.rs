//! Embedded migrations as data.

/// The migrations of a folder, embedded by [`embed_migrations!`](crate::embed_migrations).
///
/// A constant: keep it in a `static`.
#[derive(Debug, Clone, Copy)]
pub struct Migrator {
    migrations: &'static [Migration],
    provider: &'static str,
    table: &'static str,
    lock_file: &'static str,
    folder: Option<&'static str>,
}

/// One embedded migration. All texts are canonical: no byte-order mark, lines end with LF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// The folder's name, e.g. `20260102030405_create_users`.
    pub id: &'static str,
    /// SHA-256 of [`sql`](Self::sql), 64 hexadecimal digits.
    pub checksum: &'static str,
    /// `migration.sql`.
    pub sql: &'static str,
    /// `down.sql`.
    pub down: Option<&'static str>,
    /// `verify.sql`.
    pub verify: Option<&'static str>,
    /// `backfill.sql`.
    pub backfill: Option<&'static str>,
    /// Its text is fixed by the lock file; else it is a draft.
    pub sealed: bool,
}

impl Migrator {
    /// No migrations: what the macro leaves in place of a refused folder.
    #[doc(hidden)]
    pub const EMPTY: Self = Self::embedded(&[], "sqlite", "_xtask_db_migrations", "", None);

    /// Only for the macro; not covered by semantic versioning.
    #[doc(hidden)]
    #[must_use]
    pub const fn embedded(
        migrations: &'static [Migration],
        provider: &'static str,
        table: &'static str,
        lock_file: &'static str,
        folder: Option<&'static str>,
    ) -> Self {
        Self { migrations, provider, table, lock_file, folder }
    }

    /// In the order in which they are applied.
    #[must_use]
    pub const fn migrations(&self) -> &'static [Migration] {
        self.migrations
    }

    /// The database family: `sqlite`, `postgresql` or `mysql` (MariaDB too).
    #[must_use]
    pub const fn provider(&self) -> &'static str {
        self.provider
    }

    /// The ledger table, from the lock file or from the macro's `table`.
    #[must_use]
    pub const fn table(&self) -> &'static str {
        self.table
    }

    /// The text of `migrations.lock`.
    #[must_use]
    pub const fn lock_file(&self) -> &'static str {
        self.lock_file
    }

    /// Where the migrations were read from; none in a build without `debug_assertions`.
    #[must_use]
    pub const fn folder(&self) -> Option<&'static str> {
        self.folder
    }
}

/// Only for the macro; not covered by semantic versioning.
#[doc(hidden)]
impl Migration {
    #[must_use]
    pub const fn embedded(id: &'static str, checksum: &'static str, sql: &'static str) -> Self {
        Self { id, checksum, sql, down: None, verify: None, backfill: None, sealed: true }
    }

    #[must_use]
    pub const fn down(mut self, sql: &'static str) -> Self {
        self.down = Some(sql);
        self
    }

    #[must_use]
    pub const fn verify(mut self, sql: &'static str) -> Self {
        self.verify = Some(sql);
        self
    }

    #[must_use]
    pub const fn backfill(mut self, sql: &'static str) -> Self {
        self.backfill = Some(sql);
        self
    }

    #[must_use]
    pub const fn draft(mut self) -> Self {
        self.sealed = false;
        self
    }
}
