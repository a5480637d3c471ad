//! Constraints of tables.

use serde::{Deserialize, Serialize};

use super::Member;
use super::Name;
use super::change::{Change, Site};
use crate::Step;

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// The server's text: `FOREIGN KEY (a) REFERENCES b(id) ON DELETE CASCADE`.
    pub definition: String,
    /// The columns it is about, in its order; those of a check in the table's.
    pub columns: Vec<String>,
    /// Storage parameters of its index.
    pub options: Vec<String>,
    /// The tablespace of its index, not the default one.
    pub tablespace: Option<String>,
    /// A foreign key: the table and columns it refers to.
    pub references: Option<(Name, Vec<String>)>,
    /// It comes from a table that this one inherits from or is a partition of.
    pub inherited: bool,
    /// It is declared here too, when it is inherited.
    pub local: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// The comment of its index.
    pub index_comment: Option<String>,
}

/// What a constraint demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConstraintKind {
    /// A primary key.
    Primary,
    /// A unique key.
    Unique,
    /// A condition on a row.
    Check,
    /// A row elsewhere.
    Foreign,
    /// No two rows that operators relate.
    Exclusion,
}

/// The statements that make one of the target.
pub(super) fn create(_site: &Site<'_>, _name: &Member) -> Vec<Step> {
    Vec::new()
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, _name: &Member) -> Vec<Step> {
    Vec::new()
}

/// What makes one of the source one of the target.
pub(super) fn change(_site: &Site<'_>, _name: &Member) -> Change {
    Change::Same
}
