//! A column.

use serde::{Deserialize, Serialize};

/// A column. What `SHOW CREATE TABLE` says of its character set depends on the table's and on how
/// it was declared, so that is read from the catalog and left out of the texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// `bigint(20) unsigned`, `enum('a','b')`.
    pub data_type: String,
    /// Of a text, the table's where it has none of its own.
    pub collation: Option<String>,
    /// What follows the type: `NOT NULL DEFAULT 1 COMMENT 'x'`.
    pub attributes: String,
    /// It may be null.
    pub nullable: bool,
    /// The expression of its default.
    pub default: Option<String>,
    /// It has an automatic number.
    pub auto_increment: bool,
    /// It is computed.
    pub generated: Option<Generated>,
    /// Its comment.
    pub comment: Option<String>,
}

/// How a computed column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generated {
    /// Computed when it is read.
    Virtual,
    /// Written with its row.
    Stored,
    /// The period of a system-versioned row.
    Row,
}
