//! Which column a sequence goes with.

use super::change::{Change, Site};
use super::name::quote;
use super::{Catalog, Name, identity};
use crate::Step;

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let owner = site.to.sequences.get(name).and_then(|sequence| sequence.owner.as_ref());
    let Some(member) = owner else { return Vec::new() };
    let column = quote(&member.name);
    let mut steps =
        vec![Step::new(format!("ALTER SEQUENCE {name} OWNED BY {}.{column}", member.of))];
    if !site.from.sequences.contains_key(name) {
        steps.extend(identity::go_on(site, member, name));
    }
    steps
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, name: &Name) -> Vec<Step> {
    vec![Step::new(format!("ALTER SEQUENCE {name} OWNED BY NONE"))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let owner = |catalog: &Catalog| catalog.sequences.get(name).map(|it| it.owner.clone());
    match owner(site.from) == owner(site.to) {
        true => Change::Same,
        false => Change::Alter(create(site, name)),
    }
}

/// Sequences that go with a column.
pub(super) fn names(catalog: &Catalog) -> impl Iterator<Item = Name> {
    let owned = catalog.sequences.iter().filter(|(_, sequence)| sequence.owner.is_some());
    owned.map(|(name, _)| name.clone())
}
