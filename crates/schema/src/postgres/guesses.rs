//! Renames that may be meant. Each object is in one guess at most, and what is not much alike is
//! not guessed. Constraints and indexes are in none: `follow.rs` renames those that are equal.

use std::cmp::Reverse;

use super::{Catalog, Column, Domain, Name, Table};
use crate::likeness::{self, LIKENESS_MIN, percent};
use crate::{Guess, Rename, RenameKind};

/// How much of two tables, types or lists of values must be equal, of 100.
const SHARED_MIN: u32 = 60;

/// Renames that may be meant, best first.
#[must_use]
pub fn guesses(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let mut guesses = tables(from, to);
    let kept =
        from.tables.iter().filter_map(|(name, table)| Some((name, table, to.tables.get(name)?)));
    let renamed = guesses.iter().filter_map(|guess| {
        let (old, new) = ends(&guess.rename);
        let (old, table) = from.tables.get_key_value(&old)?;
        Some((old, table, to.tables.get(&new)?))
    });
    let found: Vec<Guess> =
        kept.chain(renamed).flat_map(|(name, from, to)| columns(name, from, to)).collect();
    guesses.extend(found);
    guesses.extend(types(from, to));
    for (name, old) in &from.enums {
        if let Some(new) = to.enums.get(name) {
            guesses.extend(values(name, &old.values, &new.values));
        }
    }
    guesses.extend(views(from, to));
    guesses.extend(sequences(from, to));
    guesses.sort_by_key(|guess| Reverse(guess.likeness));
    guesses
}

fn ends(rename: &Rename) -> (Name, Name) {
    let name = |name: &String| Name { schema: rename.schema.clone(), name: name.clone() };
    (name(&rename.from), name(&rename.to))
}

/// Pairs of what is gone and what is new in one schema, with how alike they are.
fn objects<'a>(
    kind: RenameKind,
    gone: &[&'a Name],
    new: &[&'a Name],
    alike: impl Fn(&Name, &Name) -> Option<u32>,
) -> Vec<Guess> {
    let mut pairs = Vec::new();
    for old in gone {
        for new in new.iter().filter(|new| new.schema == old.schema) {
            let likeness = alike(old, new).filter(|likeness| *likeness >= LIKENESS_MIN);
            pairs.extend(likeness.map(|likeness| (likeness, *old, *new)));
        }
    }
    let guess = |(likeness, old, new): (u8, &Name, &Name)| {
        let (schema, from, to) = (old.schema.clone(), old.name.clone(), new.name.clone());
        Guess { rename: Rename { kind, schema, parent: None, from, to }, likeness }
    };
    likeness::best(pairs).into_iter().map(guess).collect()
}

/// The names of one catalog that the other lacks.
fn only<'a>(here: impl Iterator<Item = &'a Name>, there: impl Fn(&Name) -> bool) -> Vec<&'a Name> {
    here.filter(|name| !there(name)).collect()
}

fn tables(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let gone = only(from.tables.keys(), |name| to.tables.contains_key(name));
    let new = only(to.tables.keys(), |name| from.tables.contains_key(name));
    objects(RenameKind::Table, &gone, &new, |old, new| {
        table_likeness(&old.name, &from.tables[old], &new.name, &to.tables[new])
    })
}

/// Two tables are alike by the columns that both have as they are.
fn table_likeness(old_name: &str, old: &Table, new_name: &str, new: &Table) -> Option<u32> {
    if old.partition_key != new.partition_key {
        return None;
    }
    let as_it_is = |column: &&Column| {
        new.column(&column.name).is_some_and(|other| other.type_name == column.type_name)
    };
    let shared = old.columns.iter().filter(as_it_is).count();
    let all = old.columns.len() + new.columns.len() - shared;
    let shared_percent = percent(shared, all);
    let name = likeness::names(old_name, new_name);
    // A lone key is in every table.
    let enough = shared > 1 || name >= 50;
    let likeness = (shared_percent * 7 + name * 3) / 10;
    (enough && shared_percent >= SHARED_MIN).then_some(likeness)
}

fn columns(name: &Name, from: &Table, to: &Table) -> Vec<Guess> {
    let gone = from.columns.iter().filter(|old| to.column(&old.name).is_none() && !old.inherited);
    let new: Vec<&Column> =
        to.columns.iter().filter(|new| from.column(&new.name).is_none()).collect();
    let mut pairs = Vec::new();
    for old in gone {
        for new in &new {
            let likeness = column_likeness(from, old, to, new);
            pairs.extend(likeness.map(|likeness| (likeness, &old.name, &new.name)));
        }
    }
    inside(RenameKind::Column, name, pairs)
}

fn inside(kind: RenameKind, name: &Name, pairs: Vec<(u32, &String, &String)>) -> Vec<Guess> {
    let guess = |(likeness, from, to): (u8, &String, &String)| {
        let (schema, parent) = (name.schema.clone(), Some(name.name.clone()));
        let (from, to) = (from.clone(), to.clone());
        Guess { rename: Rename { kind, schema, parent, from, to }, likeness }
    };
    likeness::best(pairs).into_iter().map(guess).collect()
}

/// Two columns of one type are alike by what else they are, by place and by name.
fn column_likeness(from: &Table, old: &Column, to: &Table, new: &Column) -> Option<u32> {
    if old.type_name != new.type_name || old.generated != new.generated {
        return None;
    }
    let place = |table: &Table, name: &str| table.columns.iter().position(|it| it.name == *name);
    let same_place = place(from, &old.name) == place(to, &new.name);
    let same_form = old.not_null == new.not_null
        && old.default == new.default
        && old.collation == new.collation
        && old.identity.is_some() == new.identity.is_some();
    let name = likeness::names(&old.name, &new.name);
    let likeness = 40 + 20 * u32::from(same_form) + 10 * u32::from(same_place) + name * 3 / 10;
    (likeness >= LIKENESS_MIN && (same_place || name >= 30)).then_some(likeness)
}

fn types(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let there = |catalog: &Catalog, name: &Name| super::types::names(catalog).any(|it| it == name);
    let gone = only(super::types::names(from), |name| there(to, name));
    let new = only(super::types::names(to), |name| there(from, name));
    objects(RenameKind::Type, &gone, &new, |old, new| {
        let shared = type_likeness(from, old, to, new).filter(|shared| *shared >= SHARED_MIN)?;
        Some((shared * 7 + likeness::names(&old.name, &new.name) * 3) / 10)
    })
}

/// How much of two types of one kind is equal.
fn type_likeness(from: &Catalog, old: &Name, to: &Catalog, new: &Name) -> Option<u32> {
    if let (Some(old), Some(new)) = (from.enums.get(old), to.enums.get(new)) {
        return Some(shared(&old.values, &new.values));
    }
    if let (Some(old), Some(new)) = (from.domains.get(old), to.domains.get(new)) {
        let plain = |domain: &Domain| {
            let checks = domain.checks.values().map(|check| check.definition.clone());
            (domain.not_null, domain.default.clone(), checks.collect::<Vec<_>>())
        };
        let same = old.base == new.base && old.collation == new.collation;
        return same.then_some(if plain(old) == plain(new) { 100 } else { SHARED_MIN });
    }
    if let (Some(old), Some(new)) = (from.composites.get(old), to.composites.get(new)) {
        let parts = |all: &[super::Attribute]| -> Vec<(String, String)> {
            all.iter().map(|one| (one.name.clone(), one.type_name.clone())).collect()
        };
        return Some(shared(&parts(&old.attributes), &parts(&new.attributes)));
    }
    let (old, new) = (from.ranges.get(old)?, to.ranges.get(new)?);
    (old.parameters == new.parameters).then_some(100)
}

fn shared<T: PartialEq>(old: &[T], new: &[T]) -> u32 {
    let both = old.iter().filter(|one| new.contains(one)).count();
    percent(both, old.len() + new.len() - both)
}

/// Values are alike when one stands where the other stood.
fn values(name: &Name, old: &[String], new: &[String]) -> Vec<Guess> {
    let gone = old.iter().enumerate().filter(|(_, value)| !new.contains(value));
    let come: Vec<(usize, &String)> =
        new.iter().enumerate().filter(|(_, value)| !old.contains(value)).collect();
    // The kept neighbours on both sides are the same.
    let around = |all: &[String], other: &[String], at: usize| {
        let kept = |value: &&String| other.contains(value);
        let before = all[..at].iter().rev().find(kept).cloned();
        (before, all[at + 1..].iter().find(kept).cloned())
    };
    let mut pairs = Vec::new();
    for (at, value) in gone {
        for (place, other) in &come {
            if around(old, new, at) == around(new, old, *place) {
                let place = 10 * u32::from(at == *place);
                pairs.push((60 + place + likeness::names(value, other) * 3 / 10, value, *other));
            }
        }
    }
    inside(RenameKind::EnumValue, name, pairs)
}

fn views(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let gone = only(from.views.keys(), |name| to.views.contains_key(name));
    let new = only(to.views.keys(), |name| from.views.contains_key(name));
    objects(RenameKind::View, &gone, &new, |old, new| {
        let (a, b) = (&from.views[old], &to.views[new]);
        let same = a.definition == b.definition && a.options == b.options;
        let kept = a.materialized.is_some() == b.materialized.is_some();
        (same && kept).then(|| 70 + likeness::names(&old.name, &new.name) * 3 / 10)
    })
}

fn sequences(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let gone = only(from.sequences.keys(), |name| to.sequences.contains_key(name));
    let new = only(to.sequences.keys(), |name| from.sequences.contains_key(name));
    objects(RenameKind::Sequence, &gone, &new, |old, new| {
        let (a, b) = (&from.sequences[old], &to.sequences[new]);
        // One that goes with a column is renamed without a question.
        let same = a.options == b.options && a.owner.is_none() && b.owner.is_none();
        same.then(|| 40 + likeness::names(&old.name, &new.name) * 6 / 10)
    })
}
