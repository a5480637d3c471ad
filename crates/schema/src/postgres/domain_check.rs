//! Conditions on the values of a domain.

use super::change::{Change, Site};
use super::{Catalog, Domain, Member, Name};
use crate::Step;

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

/// All of them.
pub(super) fn members(catalog: &Catalog) -> impl Iterator<Item = Member> {
    let of = |(name, domain): (&Name, &Domain)| {
        domain.checks.keys().map(|check| name.member(check)).collect::<Vec<_>>()
    };
    catalog.domains.iter().flat_map(of)
}
