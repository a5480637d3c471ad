//! Foreign keys, checks and periods of a table.

use serde::{Deserialize, Serialize};

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The database of the table referred to, when it is another one.
    pub schema: Option<String>,
    /// The table referred to.
    pub table: String,
    /// Its columns.
    pub referenced: Vec<String>,
    /// `ON DELETE CASCADE ON UPDATE SET NULL`
    pub actions: String,
}

/// A check of a table. MariaDB has those of a column in the column's clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The condition, without its parentheses.
    pub condition: String,
    /// What follows: `NOT ENFORCED` (MySQL).
    pub options: String,
}

/// `PERIOD FOR` of MariaDB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its name; `SYSTEM_TIME`.
    pub name: String,
    /// Start and end.
    pub columns: Vec<String>,
}

impl Period {
    /// Of the table's own history.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.name.eq_ignore_ascii_case("SYSTEM_TIME")
    }
}
