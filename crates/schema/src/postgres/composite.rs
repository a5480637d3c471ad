//! Composite types that are no table's.

use serde::{Deserialize, Serialize};

/// A composite type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// In order, which counts.
    pub attributes: Vec<Attribute>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A part of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type with modifiers.
    pub type_name: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}
