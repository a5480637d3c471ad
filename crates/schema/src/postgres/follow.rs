//! What is equal but for its name is renamed, not dropped and made again: constraints and indexes,
//! whose making reads the whole table, and sequences of columns, which would begin again. A table
//! that was renamed leaves many of these behind.

use std::collections::BTreeMap;

use super::{Catalog, Constraint, Index, Member, Name, Object, Sequence, serial};
use crate::{Rename, RenameKind};

/// The renames that lead nearer to `to`; nothing of the new name is there before.
pub(super) fn renames(from: &Catalog, to: &Catalog) -> Vec<Rename> {
    let mut found = Vec::new();
    constraints(from, to, &mut found);
    indexes(from, to, &mut found);
    sequences(from, to, &mut found);
    let mut fresh = Vec::new();
    for rename in found {
        let taken =
            relation(from, &Name { schema: rename.schema.clone(), name: rename.to.clone() });
        if !taken && super::rename(from, std::slice::from_ref(&rename)).is_ok() {
            fresh.push(rename);
        }
    }
    fresh
}

fn relation(catalog: &Catalog, name: &Name) -> bool {
    let index = |(table, found): (&Name, &super::Table)| {
        table.schema == name.schema
            && found.constraints.get(&name.name).is_some_and(Constraint::has_index)
    };
    catalog.tables.contains_key(name)
        || catalog.views.contains_key(name)
        || catalog.sequences.contains_key(name)
        || catalog.indexes.contains_key(name)
        || catalog.tables.iter().any(index)
}

/// Pairs of equal things that only one end has.
fn pairs<'a, K: Ord, V>(
    from: &'a BTreeMap<K, V>,
    to: &'a BTreeMap<K, V>,
    equal: impl Fn(&V, &V) -> bool,
) -> Vec<(&'a K, &'a K)> {
    let mut new: Vec<(&K, &V)> = to.iter().filter(|(key, _)| !from.contains_key(*key)).collect();
    let mut pairs = Vec::new();
    for (old, value) in from.iter().filter(|(key, _)| !to.contains_key(*key)) {
        if let Some(at) = new.iter().position(|(_, other)| equal(value, other)) {
            pairs.push((old, new.remove(at).0));
        }
    }
    pairs
}

fn constraints(from: &Catalog, to: &Catalog, found: &mut Vec<Rename>) {
    for (name, old) in &from.tables {
        let Some(new) = to.tables.get(name) else { continue };
        let equal = |a: &Constraint, b: &Constraint| {
            a.definition == b.definition && a.tablespace == b.tablespace && a.local == b.local
        };
        for (from, to) in pairs(&old.constraints, &new.constraints, equal) {
            found.push(Rename {
                kind: RenameKind::Constraint,
                schema: name.schema.clone(),
                parent: Some(name.name.clone()),
                from: from.clone(),
                to: to.clone(),
            });
        }
    }
}

fn indexes(from: &Catalog, to: &Catalog, found: &mut Vec<Rename>) {
    let equal = |a: &Index, b: &Index| {
        let same = a.table == b.table && a.unique == b.unique && a.definition == b.definition;
        same && a.valid == b.valid && a.tablespace == b.tablespace
    };
    for (old, new) in pairs(&from.indexes, &to.indexes, equal) {
        found.push(Rename {
            kind: RenameKind::Index,
            schema: old.schema.clone(),
            parent: Some(from.indexes[old].table.name.clone()),
            from: old.name.clone(),
            to: new.name.clone(),
        });
    }
}

fn sequences(from: &Catalog, to: &Catalog, found: &mut Vec<Rename>) {
    let equal = |a: &Sequence, b: &Sequence| {
        a.owner.is_some() && a.owner == b.owner && a.options == b.options
    };
    for (old, new) in pairs(&from.sequences, &to.sequences, equal) {
        if old.schema != new.schema {
            continue;
        }
        found.push(Rename {
            kind: RenameKind::Sequence,
            schema: old.schema.clone(),
            parent: None,
            from: old.name.clone(),
            to: new.name.clone(),
        });
    }
}

/// The catalog as it is after these renames.
pub(super) fn renamed(catalog: &Catalog, renames: &[Rename]) -> Catalog {
    let mut catalog = catalog.clone();
    let mut moved: BTreeMap<Object, Object> = BTreeMap::new();
    for rename in renames {
        let schema = rename.schema.clone();
        let name = |name: &String| Name { schema: schema.clone(), name: name.clone() };
        let (old, new) = (name(&rename.from), name(&rename.to));
        match rename.kind {
            RenameKind::Constraint => {
                let table = rename.parent.as_ref().map(name).unwrap_or_default();
                constraint(&mut catalog, &table, rename);
                let (old, new) = (table.member(&rename.from), table.member(&rename.to));
                moved.insert(Object::Constraint(old), Object::Constraint(new));
            }
            RenameKind::Index => {
                index(&mut catalog, &old, &new);
                moved.insert(Object::Index(old.clone()), Object::Index(new.clone()));
                moved.insert(Object::IndexAttachment(old), Object::IndexAttachment(new));
            }
            RenameKind::Sequence => {
                sequence(&mut catalog, &old, &new);
                moved.insert(Object::Sequence(old.clone()), Object::Sequence(new.clone()));
                moved.insert(Object::SequenceOwner(old), Object::SequenceOwner(new));
            }
            _ => {}
        }
    }
    let now = |object: Object| moved.get(&object).cloned().unwrap_or(object);
    catalog.depends = std::mem::take(&mut catalog.depends)
        .into_iter()
        .map(|(object, needs)| (now(object), needs.into_iter().map(now).collect()))
        .collect();
    catalog.privileges = std::mem::take(&mut catalog.privileges)
        .into_iter()
        .map(|(object, privileges)| (now(object), privileges))
        .collect();
    catalog.hanging = std::mem::take(&mut catalog.hanging)
        .into_iter()
        .map(|(object, hanging)| (now(object), hanging))
        .collect();
    catalog
}

/// Those of partitions that are not known by an index have the name of the whole.
fn constraint(catalog: &mut Catalog, table: &Name, rename: &Rename) {
    let Member { of, .. } = table.member(&rename.from);
    if let Some(found) = catalog.tables.get_mut(&of) {
        if let Some(constraint) = found.constraints.remove(&rename.from) {
            found.constraints.insert(rename.to.clone(), constraint);
        }
        on_index(found, &rename.from, &rename.to);
    }
    let children = catalog.tables.iter().filter(|(_, child)| child.parents().any(|it| it == table));
    let children: Vec<Name> = children.map(|(name, _)| name.clone()).collect();
    for child in children {
        let Some(found) = catalog.tables.get_mut(&child) else { continue };
        let mut below = None;
        for (name, constraint) in &mut found.constraints {
            if constraint.part_of.as_ref() == Some(&rename.from) {
                constraint.part_of = Some(rename.to.clone());
                below = (!constraint.has_index() && *name == rename.from).then_some(());
            }
        }
        if below.is_some() {
            constraint(catalog, &child, rename);
        }
    }
}

fn on_index(table: &mut super::Table, from: &str, to: &str) {
    if let Some(super::ReplicaIdentity::Index(index)) = &mut table.replica_identity
        && index == from
    {
        to.clone_into(index);
    }
    if let Some(index) = &mut table.clustered_on
        && index == from
    {
        to.clone_into(index);
    }
}

fn index(catalog: &mut Catalog, old: &Name, new: &Name) {
    let Some(found) = catalog.indexes.remove(old) else { return };
    if let Some(table) = catalog.tables.get_mut(&found.table) {
        on_index(table, &old.name, &new.name);
    }
    catalog.indexes.insert(new.clone(), found);
    for part in catalog.indexes.values_mut() {
        if part.part_of.as_ref() == Some(old) {
            part.part_of = Some(new.clone());
        }
    }
}

fn sequence(catalog: &mut Catalog, old: &Name, new: &Name) {
    let Some(found) = catalog.sequences.remove(old) else { return };
    catalog.sequences.insert(new.clone(), found);
    let (asked, asks) = (serial::next_value(old), serial::next_value(new));
    for column in catalog.tables.values_mut().flat_map(|table| &mut table.columns) {
        if column.default.as_ref() == Some(&asked) {
            column.default = Some(asks.clone());
        }
    }
}
