//! Policies.

use serde::{Deserialize, Serialize};

use super::Member;
use super::change::{Change, Site};
use crate::Step;

/// A policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The server's text.
    pub definition: String,
    /// Its comment.
    pub comment: Option<String>,
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
