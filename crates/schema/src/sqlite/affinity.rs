//! What SQLite makes of a type's name (datatype3.html, section 3.1).

use xtask_db_sql::TokenKind;

use super::name::{fold, is_keyword};
use super::tokens::tokens;
use super::{Column, DefaultValue, Table};

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

    /// The type to which CAST converts like a column of this one.
    pub(super) const fn cast(self) -> Option<&'static str> {
        match self {
            Self::Integer | Self::Numeric => Some("NUMERIC"),
            Self::Real => Some("REAL"),
            Self::Text => Some("TEXT"),
            Self::Blob | Self::Any => None,
        }
    }

    /// A STRICT column of this type surely takes a default.
    pub(super) fn takes(self, default: &DefaultValue) -> bool {
        let tokens = tokens(default.text.trim_matches(['(', ')']));
        let kind = tokens.last().map(|token| (token.kind, token.text));
        match (self, kind) {
            (Self::Any, _) => true,
            (Self::Text, Some((TokenKind::String, text))) => text.starts_with('\''),
            (Self::Text, _) => true,
            (Self::Blob, Some((TokenKind::String, text))) => !text.starts_with('\''),
            (Self::Blob, _) => false,
            (_, Some((TokenKind::Number, _))) => default.literal,
            (_, Some((TokenKind::Word, word))) => is_keyword(word) && default.literal,
            _ => false,
        }
    }
}
