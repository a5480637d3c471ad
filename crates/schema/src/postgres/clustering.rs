//! The index a table is clustered on.

use super::change::{Change, Site};
use super::name::quote;
use super::{Name, Object};
use crate::Step;

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let table = site.to.tables.get(name);
    let index = table.and_then(|table| table.clustered_on.as_ref());
    let on = |index: &String| Step::new(format!("ALTER TABLE {name} CLUSTER ON {}", quote(index)));
    index.map(on).into_iter().collect()
}

/// The statements that drop one of the source; it goes with the index.
pub(super) fn drop(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let table = site.from.tables.get(name);
    let index = table.and_then(|table| table.clustered_on.as_ref());
    let stays = index.is_some_and(|index| {
        let constraint = site.to.constraint(&name.member(index)).is_some();
        constraint || site.to.indexes.contains_key(&name.beside(index))
    });
    if !stays || site.makes(&Object::Clustering(name.clone())) {
        return Vec::new();
    }
    vec![Step::new(format!("ALTER TABLE {name} SET WITHOUT CLUSTER"))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (Some(from), Some(to)) = (site.from.tables.get(name), site.to.tables.get(name)) else {
        return Change::Same;
    };
    match from.clustered_on == to.clustered_on {
        true => Change::Same,
        false => Change::Alter(create(site, name)),
    }
}
