//! What a schema is made of: tables, and things that are text and know what they need.

use super::column::Family;
use super::table::Table;

/// One part of a schema.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Table(Table),
    Thing(Thing),
}

/// Anything but a table.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    /// As SQL, with its schema; no two parts have the same.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Names of parts, and of columns as `part.column`.
    pub(super) needs: Vec<String>,
    /// A view: what can be read from it, where it can.
    pub(super) columns: Vec<(String, Family)>,
    /// In order, without semicolons.
    pub(super) sql: Vec<String>,
}

/// What a thing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Schema,
    Extension,
    /// With its values.
    Enum(Vec<String>),
    Domain(Family),
    Composite,
    Range,
    Sequence,
    /// Takes and gives an integer.
    Number,
    /// Gives a trigger its body.
    TriggerFunction,
    /// Any other function, or a procedure.
    Routine,
    Index,
    View,
    Trigger,
    Policy,
}

impl Part {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Table(table) => &table.name,
            Self::Thing(thing) => &thing.name,
        }
    }

    pub(super) const fn thing(&self) -> Option<&Thing> {
        match self {
            Self::Table(_) => None,
            Self::Thing(thing) => Some(thing),
        }
    }

    pub(super) const fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Thing(_) => None,
        }
    }

    /// Columns that can be read: all of a table's, a view's own.
    pub(super) fn columns(&self) -> Vec<(String, Family)> {
        match self {
            Self::Table(table) => table.readable(),
            Self::Thing(thing) => thing.columns.clone(),
        }
    }
}

/// How a need of a column is written.
pub(super) fn column_of(part: &str, column: &str) -> String {
    format!("{part}.{column}")
}
