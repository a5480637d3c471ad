//! A trigger.

use serde::{Deserialize, Serialize};

/// A trigger. Those of one table, time and event stand in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// `BEFORE`, `AFTER`.
    pub timing: String,
    /// `INSERT`, `UPDATE`, `DELETE`.
    pub event: String,
    /// The statement, as it was written.
    pub body: String,
}

impl Trigger {
    /// What it shares with those it runs before and after.
    #[must_use]
    pub fn group(&self) -> (&str, &str, &str) {
        (&self.table, &self.timing, &self.event)
    }
}
