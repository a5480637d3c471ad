//! The index a table is clustered on.

use super::Name;
use super::change::{Change, Site};
use crate::Step;

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
