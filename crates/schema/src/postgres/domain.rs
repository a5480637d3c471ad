//! Domains.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The type it narrows, with modifiers.
    pub base: String,
    /// Not the type's own: as SQL.
    pub collation: Option<String>,
    /// The expression of its default.
    pub default: Option<String>,
    /// It is never null.
    pub not_null: bool,
    /// By name.
    pub checks: BTreeMap<String, DomainCheck>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A condition on the values of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// `CHECK ((VALUE > 0))`
    pub definition: String,
    /// Its comment.
    pub comment: Option<String>,
}
