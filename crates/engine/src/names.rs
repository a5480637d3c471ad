//! The tool's tables: their names, quoted and qualified.

use xtask_db_sql::{Dialect, ident};

/// Beside every ledger.
pub(crate) const META_TABLE: &str = "_xtask_db_meta";
/// Beside every ledger.
pub(crate) const LOCK_TABLE: &str = "_xtask_db_lock";
/// Beside every ledger.
pub(crate) const RUNS_TABLE: &str = "_xtask_db_runs";

/// The tool's tables as SQL text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    /// PostgreSQL: the schema; MySQL: the database.
    pub(crate) schema: Option<String>,
    /// The ledger's name, unquoted.
    pub(crate) table: String,
    /// The ledger.
    pub(crate) ledger: String,
    /// Keys and values.
    pub(crate) meta: String,
    /// Holders.
    pub(crate) lock: String,
    /// Audit rows.
    pub(crate) runs: String,
}

impl Names {
    /// The names in a schema (PostgreSQL), a database (MySQL) or the main file (SQLite).
    pub(crate) fn new(dialect: Dialect, schema: Option<&str>, table: &str) -> Self {
        let prefix = match (dialect, schema) {
            (Dialect::Sqlite, _) => "main.".to_owned(),
            (_, Some(schema)) => format!("{}.", ident(dialect, schema)),
            (_, None) => String::new(),
        };
        let name = |table: &str| format!("{prefix}{}", ident(dialect, table));
        Self {
            schema: schema.map(str::to_owned),
            table: table.to_owned(),
            ledger: name(table),
            meta: name(META_TABLE),
            lock: name(LOCK_TABLE),
            runs: name(RUNS_TABLE),
        }
    }

    /// Whether a table is one of the tool's.
    pub(crate) fn is_own(&self, table: &str) -> bool {
        [self.table.as_str(), META_TABLE, LOCK_TABLE, RUNS_TABLE].contains(&table)
    }
}
