//! Whether row security is on for a table.

use serde::{Deserialize, Serialize};

use super::Name;
use super::change::{Change, Site};
use crate::Step;

/// Row security of a table for which it is on or forced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSecurity {
    /// Policies count.
    pub enabled: bool,
    /// For the owner too.
    pub forced: bool,
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
