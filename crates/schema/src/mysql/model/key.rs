//! An index.

use serde::{Deserialize, Serialize};

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its name; `PRIMARY`.
    pub name: String,
    /// What it is.
    pub kind: KeyKind,
    /// What is in its parentheses: `` `a`(5),`b` DESC ``.
    pub parts: String,
    /// The columns it starts with, up to the first expression.
    pub columns: Vec<String>,
    /// Every part is a whole column.
    pub whole: bool,
    /// What follows: `USING BTREE COMMENT 'x'`.
    pub options: String,
    /// The optimizer does not use it: `IGNORED` (MariaDB), `INVISIBLE` (MySQL).
    pub hidden: bool,
}

/// Kinds of indexes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// The primary key.
    Primary,
    /// A unique key.
    Unique,
    /// A plain index.
    Plain,
    /// `FULLTEXT`, `SPATIAL`, `VECTOR`.
    Special(String),
}

impl Key {
    /// It allows no two equal rows.
    #[must_use]
    pub const fn is_unique(&self) -> bool {
        matches!(self.kind, KeyKind::Primary | KeyKind::Unique)
    }

    /// The server may have made it by itself for a foreign key. It takes such a one away again as
    /// soon as another index starts with its columns, whatever it is needed for.
    #[must_use]
    pub fn may_vanish(&self, columns: &[String]) -> bool {
        self.kind == KeyKind::Plain
            && self.whole
            && !self.hidden
            && self.options.is_empty()
            && columns.starts_with(&self.columns)
    }
}
