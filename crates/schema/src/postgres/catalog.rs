//! What is in a database.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Composite, DefaultPrivilege, Domain, Enum, Extension, Index, Member, Name, Namespace, Object,
    Policy, Privileges, Range, Routine, RowSecurity, Sequence, Signature, Table, Trigger, View,
    pairs,
};
use crate::Unmodelled;

/// The managed scope of a database. Names and texts are as the server prints them with nothing but
/// the session's own schema in its search path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Schemas other than the session's own.
    pub namespaces: BTreeMap<String, Namespace>,
    /// Extensions.
    pub extensions: BTreeMap<String, Extension>,
    /// Enum types.
    #[serde(with = "pairs")]
    pub enums: BTreeMap<Name, Enum>,
    /// Domains.
    #[serde(with = "pairs")]
    pub domains: BTreeMap<Name, Domain>,
    /// Composite types that are no table's.
    #[serde(with = "pairs")]
    pub composites: BTreeMap<Name, Composite>,
    /// Range types.
    #[serde(with = "pairs")]
    pub ranges: BTreeMap<Name, Range>,
    /// Sequences; not those of identity columns.
    #[serde(with = "pairs")]
    pub sequences: BTreeMap<Name, Sequence>,
    /// Tables, partitioned ones and partitions.
    #[serde(with = "pairs")]
    pub tables: BTreeMap<Name, Table>,
    /// Indexes that no constraint made.
    #[serde(with = "pairs")]
    pub indexes: BTreeMap<Name, Index>,
    /// Views and materialized views.
    #[serde(with = "pairs")]
    pub views: BTreeMap<Name, View>,
    /// Functions and procedures.
    #[serde(with = "pairs")]
    pub routines: BTreeMap<Signature, Routine>,
    /// Triggers of tables and views.
    #[serde(with = "pairs")]
    pub triggers: BTreeMap<Member, Trigger>,
    /// Tables whose row security is on or forced.
    #[serde(with = "pairs")]
    pub row_security: BTreeMap<Name, RowSecurity>,
    /// Policies.
    #[serde(with = "pairs")]
    pub policies: BTreeMap<Member, Policy>,
    /// Owners and what is granted, where a new object would have others. Not compared.
    #[serde(with = "pairs")]
    pub privileges: BTreeMap<Object, Privileges>,
    /// What objects to come are born with. Not compared.
    pub default_privileges: BTreeSet<DefaultPrivilege>,
    /// What each object needs to be there. Follows from the rest, so it is not compared.
    #[serde(with = "pairs")]
    pub depends: BTreeMap<Object, BTreeSet<Object>>,
    /// What is there and not in the model.
    pub unmodelled: Vec<Unmodelled>,
    /// What of this goes with an object, and would not come back when that is made again.
    #[serde(with = "pairs")]
    pub hanging: BTreeMap<Object, BTreeSet<Unmodelled>>,
}

impl Catalog {
    /// In the order that does not depend on how the objects came to be.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut catalog = self.clone();
        catalog.depends.clear();
        catalog.unmodelled.clear();
        catalog.hanging.clear();
        catalog.privileges.clear();
        catalog.default_privileges.clear();
        for view in catalog.views.values_mut() {
            // Those who refresh a view change this.
            view.materialized.iter_mut().for_each(|kept| kept.populated = true);
        }
        for table in catalog.tables.values_mut() {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        catalog
    }

    /// What an object needs.
    pub(super) fn needs(&self, object: &Object) -> impl Iterator<Item = &Object> {
        self.depends.get(object).into_iter().flatten()
    }

    /// What an object goes with when that is dropped.
    pub(super) fn parent(&self, object: &Object) -> Option<Object> {
        match object {
            Object::Index(name) => self.indexes.get(name).map(|index| self.relation(&index.table)),
            Object::Trigger(member) => Some(self.relation(&member.of)),
            _ => object.parent(),
        }
    }

    fn relation(&self, name: &Name) -> Object {
        match self.views.contains_key(name) {
            true => Object::View(name.clone()),
            false => Object::Table(name.clone()),
        }
    }

    /// Whether a column has a type, or one made of it.
    pub(super) fn has_columns(&self, object: &Object) -> bool {
        let mut used: BTreeSet<&Object> = BTreeSet::from([object]);
        loop {
            let before = used.len();
            for (user, needs) in &self.depends {
                if !needs.iter().any(|needed| used.contains(needed)) {
                    continue;
                }
                match user {
                    Object::Column(_) => return true,
                    Object::Type(_) => drop(used.insert(user)),
                    _ => {}
                }
            }
            if used.len() == before {
                return false;
            }
        }
    }

    /// Whether tables inherit from a table or are partitions of it.
    pub(super) fn has_children(&self, name: &Name) -> bool {
        self.tables.values().any(|table| table.parents().any(|parent| parent == name))
    }

    /// A column of a table.
    pub(super) fn column(&self, member: &Member) -> Option<&super::Column> {
        self.tables.get(&member.of)?.column(&member.name)
    }

    /// A constraint of a table.
    pub(super) fn constraint(&self, member: &Member) -> Option<&super::Constraint> {
        self.tables.get(&member.of)?.constraints.get(&member.name)
    }
}
