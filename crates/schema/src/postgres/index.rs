//! Indexes that no constraint made.

use serde::{Deserialize, Serialize};

use super::Name;
use super::change::{Change, Site};
use crate::Step;

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The table or the materialized view.
    pub table: Name,
    /// No two entries are equal.
    pub unique: bool,
    /// What the server prints after USING: `btree (lower(email)) WHERE active`.
    pub definition: String,
    /// The columns it names; none for an expression.
    pub columns: Vec<Option<String>>,
    /// It holds only rows that fulfil a condition.
    pub partial: bool,
    /// On a partitioned table.
    pub partitioned: bool,
    /// It is used; one that is not is the rest of a build that failed, or misses partitions.
    pub valid: bool,
    /// The index of the partitioned table that it is a part of.
    pub part_of: Option<Name>,
    /// Statistics targets of expressions: column number and target.
    pub statistics: Vec<(i16, i32)>,
    /// Not the default one.
    pub tablespace: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// The statements that make one of the target.
pub(super) fn create(_site: &Site<'_>, _name: &Name) -> Vec<Step> {
    Vec::new()
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, _name: &Name) -> Vec<Step> {
    Vec::new()
}

/// What makes one of the source one of the target.
pub(super) fn change(_site: &Site<'_>, _name: &Name) -> Change {
    Change::Same
}
