//! The ledger's statements, without a session: ids and times are the server's.

use xtask_db_history::Migration;
use xtask_db_sql::{Dialect, Syntax, ident, literal};

use crate::names::Names;
use crate::{clock, ddl};

/// The ledger of a script.
pub(super) struct Rows {
    dialect: Dialect,
    names: Names,
}

impl Rows {
    pub(super) fn new(dialect: Dialect, table: &str) -> Self {
        let mut names = Names::new(dialect, None, table);
        if dialect == Dialect::Postgres {
            // A psql variable, set at the start.
            for name in [&mut names.ledger, &mut names.meta, &mut names.lock, &mut names.runs] {
                name.insert_str(0, ":\"xdb_schema\".");
            }
        }
        Self { dialect, names }
    }

    /// Creates what is missing.
    pub(super) fn tables(&self) -> Vec<String> {
        let mut statements = ddl::tables(self.dialect, &self.names);
        let key = ident(self.dialect, "key");
        let on_conflict = match self.dialect {
            Dialect::Mysql => "ON DUPLICATE KEY UPDATE value = value",
            _ => "ON CONFLICT (key) DO NOTHING",
        };
        statements.push(format!(
            "INSERT INTO {} ({key}, value, updated_at) VALUES ('format', '{}', {}) {on_conflict}",
            self.names.meta,
            ddl::FORMAT,
            clock::now(self.dialect)
        ));
        statements
    }

    /// The row of a migration that is done.
    pub(super) fn applied(&self, migration: &Migration, statements: u32) -> String {
        self.insert(migration, clock::now(self.dialect), statements)
    }

    /// The row of a migration that is begun.
    pub(super) fn begun(&self, migration: &Migration) -> String {
        self.insert(migration, "NULL", 0)
    }

    /// So many statements are committed.
    pub(super) fn counted(&self, migration: &Migration, steps: usize) -> String {
        self.update(migration, &format!("applied_steps_count = {steps}"))
    }

    /// The migration that was begun is done.
    pub(super) fn finished(&self, migration: &Migration, statements: u32) -> String {
        let now = clock::now(self.dialect);
        self.update(migration, &format!("finished_at = {now}, applied_steps_count = {statements}"))
    }

    fn insert(&self, migration: &Migration, finished: &str, steps: u32) -> String {
        // An SQLite function makes no UUID of version 4; its two fixed digits are put in.
        let id = match self.dialect {
            Dialect::Sqlite => {
                "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || \
                 substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || \
                 hex(randomblob(6)))"
            }
            Dialect::Postgres => "gen_random_uuid()::text",
            Dialect::Mysql => "UUID()",
        };
        format!(
            "INSERT INTO {} (id, checksum, finished_at, migration_name, started_at, \
             applied_steps_count) VALUES ({id}, '{}', {finished}, {}, {}, {steps})",
            self.names.ledger,
            migration.checksum,
            self.name(migration),
            clock::now(self.dialect)
        )
    }

    fn update(&self, migration: &Migration, set: &str) -> String {
        format!(
            "UPDATE {} SET {set} WHERE migration_name = {} AND finished_at IS NULL \
             AND rolled_back_at IS NULL",
            self.names.ledger,
            self.name(migration)
        )
    }

    fn name(&self, migration: &Migration) -> String {
        literal(Syntax::of(self.dialect), migration.id.as_str())
    }
}
