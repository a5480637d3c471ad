//! Types with a name: what they have in common.

use super::change::{Change, Site};
use super::name::quote;
use super::{Catalog, Name, Object, composite, domain, enums, range, serial};
use crate::Step;

/// All of them.
pub(super) fn names(catalog: &Catalog) -> impl Iterator<Item = &Name> {
    let own = catalog.enums.keys().chain(catalog.domains.keys());
    own.chain(catalog.composites.keys()).chain(catalog.ranges.keys())
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let to = site.to;
    let sql = match () {
        () if to.enums.contains_key(name) => enums::create(name, &to.enums[name]),
        () if to.domains.contains_key(name) => domain::create(name, &to.domains[name]),
        () if to.composites.contains_key(name) => composite::create(name, &to.composites[name]),
        () if to.ranges.contains_key(name) => range::create(name, &to.ranges[name]),
        () => return Vec::new(),
    };
    vec![Step::new(sql)]
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let word = if site.from.domains.contains_key(name) { "DOMAIN" } else { "TYPE" };
    match site.replaced.contains(&Object::Type(name.clone())) {
        true => vec![Step::new(format!("DROP {word} {}", aside(site, name)))],
        false => vec![Step::new(format!("DROP {word} {name}"))],
    }
}

/// The statements that put one aside until no column has it.
pub(super) fn put_aside(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let word = if site.from.domains.contains_key(name) { "DOMAIN" } else { "TYPE" };
    let aside = aside(site, name);
    let sql = format!("ALTER {word} {name} RENAME TO {}", quote(&aside.name));
    let note = "No statement makes this change in place: the type is made again, and its columns \
         are given the new one.";
    vec![Step::new(sql).note(note)]
}

/// A name that is free.
fn aside(site: &Site<'_>, name: &Name) -> Name {
    let taken = |name: &Name| {
        [site.from, site.to].iter().any(|catalog| {
            let types = names(catalog).any(|other| other == name);
            types || catalog.tables.contains_key(name) || catalog.views.contains_key(name)
        })
    };
    let label = |at: usize| if at == 0 { "old".to_owned() } else { format!("old{at}") };
    let tries = (0..).map(|at| name.beside(serial::made_name(&name.name, "", &label(at))));
    tries.into_iter().find(|name| !taken(name)).unwrap_or_else(|| name.clone())
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (from, to) = (site.from, site.to);
    let object = Object::Type(name.clone());
    if let (Some(from), Some(to)) = (from.enums.get(name), to.enums.get(name)) {
        return enums::change(name, from, to);
    }
    if let (Some(from), Some(to)) = (from.domains.get(name), to.domains.get(name)) {
        return domain::change(name, from, to);
    }
    if let (Some(old), Some(new)) = (from.composites.get(name), to.composites.get(name)) {
        return composite::change(name, old, new, from.has_columns(&object));
    }
    if let (Some(old), Some(new)) = (from.ranges.get(name), to.ranges.get(name)) {
        return range::change(old, new, from.has_columns(&object));
    }
    Change::Replace
}
