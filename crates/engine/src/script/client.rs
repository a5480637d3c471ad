//! What psql, sqlite3 and mysql need around SQL.

use std::fmt::Write as _;

use xtask_db_sql::Dialect;

/// The client of a dialect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub(super) Dialect);

impl Client {
    /// The first lines: stop at the first error.
    pub(super) fn head(self, tool: &str) -> String {
        let (name, stop) = match self.0 {
            Dialect::Sqlite => ("sqlite3", ".bail on\nPRAGMA foreign_keys = ON;\n"),
            // The ledger stays in this schema whatever a migration does to the search path.
            Dialect::Postgres => {
                ("psql", "\\set ON_ERROR_STOP on\nSELECT current_schema() AS xdb_schema \\gset\n")
            }
            Dialect::Mysql => ("mysql", "SET autocommit = 1;\n"),
        };
        format!("-- Written by xtask-db {tool} for {name}.\n{stop}")
    }

    /// Appends a statement with its end.
    pub(super) fn push(self, out: &mut String, sql: &str) {
        if sql.is_empty() {
            return;
        }
        if self.0 == Dialect::Mysql && sql.contains(';') {
            // The mysql client cuts at each semicolon, also within a routine's body.
            let mark = mark_outside(sql);
            let _ = write!(out, "DELIMITER {mark}\n{sql}\n{mark}\nDELIMITER ;\n");
        } else {
            let _ = writeln!(out, "{sql};");
        }
    }

    pub(super) const fn begin(self) -> &'static str {
        match self.0 {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
            Dialect::Mysql => "START TRANSACTION",
        }
    }

    /// Brings back what the migration before may have set.
    pub(super) const fn first_state(self) -> &'static str {
        match self.0 {
            Dialect::Postgres => "RESET ALL",
            Dialect::Sqlite | Dialect::Mysql => "",
        }
    }
}

/// A delimiter that the statement does not contain.
fn mark_outside(sql: &str) -> String {
    let mut mark = "$$".to_owned();
    while sql.contains(&mark) {
        mark.push('$');
    }
    mark
}
