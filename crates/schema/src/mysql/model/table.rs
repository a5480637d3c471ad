//! A table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Check, Column, ForeignKey, Key, Period};

/// A table. The counter of `AUTO_INCREMENT` is data and not in the model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// In order, which counts.
    pub columns: Vec<Column>,
    /// Indexes; their order does not count.
    pub keys: Vec<Key>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Periods.
    pub periods: Vec<Period>,
    /// What new columns of text get.
    pub collation: String,
    /// The other options as they are written: `ENGINE` to `InnoDB`, `COMMENT` to `'it''s'`.
    pub options: BTreeMap<String, String>,
    /// Its comment.
    pub comment: Option<String>,
    /// MariaDB: `WITH SYSTEM VERSIONING`.
    pub versioned: bool,
    /// From `PARTITION BY` to the end.
    pub partitioning: Option<String>,
    /// What the server's text says beside, and nobody compares.
    pub left_out: Vec<String>,
}

impl Table {
    /// The column of a name, whose case does not count.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same_name(&column.name, name))
    }

    /// The index of a name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Its parts in an order that does not depend on how they came to be.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut table = self.clone();
        table.keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        table.periods.sort_by(|a, b| a.name.cmp(&b.name));
        table.left_out.clear();
        table
    }
}

/// The names of columns are compared without their case.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
