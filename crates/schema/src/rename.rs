//! Renames: told by a person, or guessed and asked.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One object with a new name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rename {
    /// What it is.
    pub kind: RenameKind,
    /// PostgreSQL: the schema, when it is not the session's own.
    pub schema: Option<String>,
    /// What has it: the table of a column, a constraint or an index, the type of an enum value.
    /// Its name before any rename. None for an object of its own.
    pub parent: Option<String>,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
}

/// Kinds that keep their data under a new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RenameKind {
    /// A table.
    Table,
    /// A column of a table.
    Column,
    /// A type.
    Type,
    /// A value of an enum type.
    EnumValue,
    /// A constraint of a table.
    Constraint,
    /// An index.
    Index,
    /// A view.
    View,
    /// A sequence.
    Sequence,
}

/// A rename that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Which.
    pub rename: Rename,
    /// How alike the two are, of 100: type, constraints, place, and name.
    pub likeness: u8,
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.schema.iter().chain(&self.parent) {
            write!(f, "{part}.")?;
        }
        write!(f, "{}={}", self.from, self.to)
    }
}
