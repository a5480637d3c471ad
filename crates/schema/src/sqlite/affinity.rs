//! What SQLite makes of a type's name (datatype3.html, section 3.1).

use super::name::fold;
use super::{Column, Table};

/// What values a column prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Affinity {
    Integer,
    Text,
    /// No type, too.
    Blob,
    Real,
    Numeric,
    /// `ANY` of a STRICT table: values stay what they are.
    Any,
}

impl Affinity {
    pub(super) fn of(table: &Table, column: &Column) -> Self {
        let name = fold(&column.type_name);
        let has = |part: &str| name.contains(part);
        if table.strict && name == "any" {
            Self::Any
        } else if has("int") {
            Self::Integer
        } else if has("char") || has("clob") || has("text") {
            Self::Text
        } else if has("blob") || name.is_empty() {
            Self::Blob
        } else if has("real") || has("floa") || has("doub") {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}
