//! What a kind answers when it is asked for the difference of one of its objects.

use std::collections::BTreeSet;

use super::{Catalog, Member, Name, Object};
use crate::Step;

/// How an object that is in both catalogs changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Not at all.
    Same,
    /// Where it is; what depends on it may stay.
    Alter(Vec<Step>),
    /// Where it is; what depends on it is dropped before and made again afterwards.
    Disturb(Vec<Step>),
    /// It is dropped and made again, and what depends on it too.
    Recreate,
    /// No statement does it: why, and what a person can do.
    Refuse(String),
    /// A type: the old one stays under another name until no column has it.
    Replace,
}

impl Change {
    /// These statements, which leave alone what depends on the object.
    pub(super) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps: Vec<Step> = steps.into_iter().collect();
        if steps.is_empty() { Self::Same } else { Self::Alter(steps) }
    }
}

/// Both ends of a plan, and what is decided for all of it.
#[derive(Debug)]
pub(super) struct Site<'a> {
    /// Where the plan starts.
    pub(super) from: &'a Catalog,
    /// Where it ends.
    pub(super) to: &'a Catalog,
    /// Forms that block nobody are wanted.
    pub(super) online: bool,
    /// Objects that the plan makes: new ones, and those dropped and made again. Empty while
    /// it is being decided.
    pub(super) made: BTreeSet<Object>,
    /// Objects that need each other are taken apart.
    pub(super) loose: bool,
    /// Foreign keys that stand in the CREATE TABLE of their table.
    pub(super) early_keys: BTreeSet<Member>,
    /// Types of these that stand under another name until no column has them.
    pub(super) replaced: BTreeSet<Object>,
}

impl<'a> Site<'a> {
    /// The plan makes this object, so nobody uses it yet and it has no rows.
    pub(super) fn makes(&self, object: &Object) -> bool {
        self.made.contains(object)
    }

    /// The plan makes this table or view.
    pub(super) fn makes_relation(&self, name: &Name) -> bool {
        self.makes(&Object::Table(name.clone())) || self.makes(&Object::View(name.clone()))
    }

    /// The tables that a table gets columns and constraints from before, afterwards and meanwhile.
    pub(super) fn parents(&self, name: &Name) -> Vec<&'a Name> {
        let (Some(from), Some(to)) = (self.from.tables.get(name), self.to.tables.get(name)) else {
            return Vec::new();
        };
        if self.makes_relation(name) || self.makes(&Object::Attachment(name.clone())) {
            return Vec::new();
        }
        let parents = to.parents();
        let kept = parents.filter(|parent| from.parents().any(|other| other == *parent));
        kept.filter(|parent| !self.makes_relation(parent)).collect()
    }
}
