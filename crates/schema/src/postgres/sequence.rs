//! Sequences.

use serde::{Deserialize, Serialize};

use super::Member;
use super::Name;
use super::change::{Change, Site};
use crate::Step;

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// How it counts.
    pub options: SequenceOptions,
    /// The column it goes with.
    pub owner: Option<Member>,
    /// Not in the write-ahead log.
    pub unlogged: bool,
    /// Its comment.
    pub comment: Option<String>,
}

/// How a sequence counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `bigint`, `integer`, `smallint`.
    pub type_name: String,
    /// First value.
    pub start: i64,
    /// Step.
    pub increment: i64,
    /// Least value.
    pub min: i64,
    /// Greatest value.
    pub max: i64,
    /// Values a session takes at once.
    pub cache: i64,
    /// It begins again at its end.
    pub cycle: bool,
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
