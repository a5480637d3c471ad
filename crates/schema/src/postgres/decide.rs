//! What happens to each object: by itself, and because of what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Site};
use super::{Catalog, Object, comment, default, kind};
use crate::SchemaError;

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// It is new.
    Create,
    /// It goes.
    Drop,
    /// It changes where it is. Its kind is asked again for the statements once all is decided.
    Alter,
    /// It changes where it is, with nothing in the way that depends on it.
    Disturb,
    /// It is dropped and made again.
    Recreate,
    /// A type that is made again while the old one still stands under another name.
    Replace,
}

/// Every object to which something happens.
pub(super) type Acts = BTreeMap<Object, Act>;

impl Act {
    /// It is made.
    pub(super) const fn makes(self) -> bool {
        matches!(self, Self::Create | Self::Recreate | Self::Replace)
    }

    /// What was there is dropped.
    pub(super) const fn drops(self) -> bool {
        matches!(self, Self::Drop | Self::Recreate | Self::Replace)
    }

    /// What depends on it has to give way.
    const fn disturbs(self) -> bool {
        matches!(self, Self::Drop | Self::Recreate | Self::Replace | Self::Disturb)
    }
}

/// Decides for every object of the two catalogs.
///
/// # Errors
/// A change that no statement makes.
pub(super) fn decide(site: &Site<'_>) -> Result<Acts, SchemaError> {
    let from: BTreeSet<Object> = kind::objects(site.from).into_iter().collect();
    let to: BTreeSet<Object> = kind::objects(site.to).into_iter().collect();
    let mut acts = Acts::new();
    for object in &from {
        if !to.contains(object) {
            acts.insert(object.clone(), Act::Drop);
        }
    }
    for object in &to {
        let act = match from.contains(object) {
            false => Some(Act::Create),
            true => changed(site, object)?,
        };
        acts.extend(act.map(|act| (object.clone(), act)));
    }
    spread(site, &mut acts);
    Ok(acts)
}

fn changed(site: &Site<'_>, object: &Object) -> Result<Option<Act>, SchemaError> {
    Ok(match kind::change(site, object) {
        Change::Same if comment::change(site, object).is_empty() => None,
        Change::Same => Some(Act::Alter),
        Change::Alter(_) => Some(Act::Alter),
        Change::Disturb(_) => Some(Act::Disturb),
        Change::Recreate => Some(Act::Recreate),
        Change::Replace if site.from.has_columns(object) => Some(Act::Replace),
        Change::Replace => Some(Act::Recreate),
        Change::Refuse(reason) => {
            return Err(SchemaError::Refused { object: object.to_string(), reason });
        }
    })
}

/// What depends on an object that is disturbed is disturbed itself, as its kind must be.
pub(super) fn spread(site: &Site<'_>, acts: &mut Acts) {
    let dependents = dependents(site.from);
    let disturbing = acts.iter().filter(|(_, act)| act.disturbs());
    let mut waiting: Vec<Object> = disturbing.map(|(object, _)| object.clone()).collect();
    while let Some(needed) = waiting.pop() {
        let Some(cause) = acts.get(&needed).copied() else { continue };
        for object in dependents.get(&needed).into_iter().flatten() {
            if acts.get(object).is_some_and(|act| act.drops()) {
                continue;
            }
            if let Some(act) = reaction(site, acts, object, &needed, cause)
                && acts.get(object) != Some(&act)
            {
                acts.insert(object.clone(), act);
                waiting.push(object.clone());
            }
        }
    }
}

/// Every object with those that need it or are a part of it.
fn dependents(catalog: &Catalog) -> BTreeMap<Object, BTreeSet<Object>> {
    let mut dependents: BTreeMap<Object, BTreeSet<Object>> = BTreeMap::new();
    for (object, needs) in &catalog.depends {
        for needed in needs {
            dependents.entry(needed.clone()).or_default().insert(object.clone());
        }
    }
    for object in kind::objects(catalog) {
        if let Some(parent) = catalog.parent(&object) {
            dependents.entry(parent).or_default().insert(object);
        }
    }
    dependents
}

/// What becomes of an object that needs `needed`, to which `cause` happens.
fn reaction(
    site: &Site<'_>,
    acts: &Acts,
    object: &Object,
    needed: &Object,
    cause: Act,
) -> Option<Act> {
    // It changes to what can do without.
    let changes = matches!(acts.get(object), Some(Act::Alter | Act::Disturb));
    if cause == Act::Drop && changes {
        return None;
    }
    let computed = |member| {
        let column = site.from.column(member);
        column.is_some_and(|column: &super::Column| column.generated.is_some())
    };
    let part = site.from.parent(object).as_ref() == Some(needed);
    match (object, needed, cause) {
        (Object::Type(_), Object::Type(_), Act::Replace | Act::Recreate) => Some(cause),
        (Object::Column(member), Object::Type(_), Act::Replace) if !computed(member) => {
            Some(Act::Disturb)
        }
        (Object::Column(member), _, _) if !computed(member) && !part => None,
        // The server makes them anew by itself, and leaves the owner of a sequence alone.
        (
            Object::Constraint(_) | Object::Index(_) | Object::SequenceOwner(_),
            Object::Column(_),
            Act::Disturb,
        ) => None,
        (Object::Default(member), Object::Column(_), Act::Disturb) => {
            default::must_give_way(site, member).then_some(Act::Recreate)
        }
        (Object::Type(_) | Object::Sequence(_), _, _) if !part => None,
        _ => Some(Act::Recreate),
    }
}
