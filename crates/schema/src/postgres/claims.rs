//! Names that are taken: what gets one waits until another has given it up.

use std::collections::BTreeMap;

use super::change::Site;
use super::decide::Acts;
use super::order::Stage;
use super::{Catalog, Name, Object};

/// Names of one space exclude each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Relation(Name),
    Type(Name),
}

/// What is done later, and what earlier.
pub(super) type After<'a> = ((&'a Object, Stage), (&'a Object, Stage));

/// Objects that get a name after others have given it up.
pub(super) fn collisions<'a>(site: &Site<'_>, acts: &'a Acts) -> Vec<After<'a>> {
    let mut given_up: BTreeMap<Claim, Vec<(&Object, Stage)>> = BTreeMap::new();
    for (object, act) in acts {
        let stage = match act.drops() {
            // One that is replaced gives its name up when it is put aside.
            true if site.replaced.contains(object) => Stage::PutAside,
            true => Stage::Drop,
            false => Stage::Make,
        };
        let kept = if act.drops() { Vec::new() } else { claims(site.to, object) };
        for claim in claims(site.from, object) {
            if !kept.contains(&claim) {
                given_up.entry(claim).or_default().push((object, stage));
            }
        }
    }
    let mut after = Vec::new();
    for object in acts.keys() {
        let had = if acts[object].drops() { Vec::new() } else { claims(site.from, object) };
        for claim in claims(site.to, object).iter().filter(|claim| !had.contains(claim)) {
            let earlier = given_up.get(claim).into_iter().flatten();
            after.extend(earlier.map(|earlier| ((object, Stage::Make), *earlier)));
        }
    }
    after
}

fn claims(catalog: &Catalog, object: &Object) -> Vec<Claim> {
    match object {
        Object::Table(name) => {
            let there = catalog.tables.contains_key(name);
            let both = [Claim::Relation(name.clone()), Claim::Type(name.clone())];
            both.into_iter().filter(|_| there).collect()
        }
        Object::View(name) => {
            let there = catalog.views.contains_key(name);
            let both = [Claim::Relation(name.clone()), Claim::Type(name.clone())];
            both.into_iter().filter(|_| there).collect()
        }
        Object::Sequence(name) => {
            let there = catalog.sequences.contains_key(name);
            there.then(|| Claim::Relation(name.clone())).into_iter().collect()
        }
        Object::Index(name) => {
            let there = catalog.indexes.contains_key(name);
            there.then(|| Claim::Relation(name.clone())).into_iter().collect()
        }
        Object::Constraint(member) => {
            let found = catalog.constraint(member).filter(|found| found.has_index());
            found.map(|_| Claim::Relation(member.of.beside(&member.name))).into_iter().collect()
        }
        Object::Column(member) => {
            let identity = catalog.column(member).and_then(|column| column.identity.as_ref());
            identity.map(|it| Claim::Relation(it.sequence.clone())).into_iter().collect()
        }
        Object::Type(name) => {
            let there = super::types::names(catalog).any(|other| other == name);
            there.then(|| Claim::Type(name.clone())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
