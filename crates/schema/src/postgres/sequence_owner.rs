//! Which column a sequence goes with.

use super::change::{Change, Site};
use super::{Catalog, Name};
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

/// Sequences that go with a column.
pub(super) fn names(catalog: &Catalog) -> impl Iterator<Item = Name> {
    let owned = catalog.sequences.iter().filter(|(_, sequence)| sequence.owner.is_some());
    owned.map(|(name, _)| name.clone())
}
