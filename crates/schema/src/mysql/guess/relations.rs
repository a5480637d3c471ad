//! Tables, views and sequences.

use super::found::guess;
use super::likeness::of_names;
use crate::mysql::model::same_name;
use crate::mysql::{Catalog, Sequence, Table, View};
use crate::{Guess, RenameKind};

/// Of 100: how many columns two tables must share.
const SHARED_LEAST: usize = 50;
/// Less alike ones are not told.
const LEAST: usize = 60;

/// Objects that are gone and new ones that may be the same.
pub(super) fn guesses(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let mut found = Vec::new();
    for old in from.tables.iter().filter(|table| to.table(&table.name).is_none()) {
        for new in to.tables.iter().filter(|table| from.table(&table.name).is_none()) {
            if let Some(likeness) = of_tables(old, new) {
                found.push(guess(RenameKind::Table, None, &old.name, &new.name, likeness));
            }
        }
    }
    let view = |view: &View| view.name.clone();
    found.extend(equal(&from.views, &to.views, view, RenameKind::View, |old, new| {
        View { name: new.name.clone(), ..old.clone() }.same(new)
    }));
    let sequence = |sequence: &Sequence| sequence.name.clone();
    let kind = RenameKind::Sequence;
    found.extend(equal(&from.sequences, &to.sequences, sequence, kind, |old, new| {
        (&old.definition, &old.engine) == (&new.definition, &new.engine)
            && of_names(&old.name, &new.name) >= 50
    }));
    found
}

/// Shared columns 70, name 30.
fn of_tables(old: &Table, new: &Table) -> Option<u8> {
    let shared = old.columns.iter().filter(|column| {
        let same = |other: &&crate::mysql::Column| same_name(&other.name, &column.name);
        new.columns.iter().find(same).is_some_and(|other| other.data_type == column.data_type)
    });
    let most = old.columns.len().max(new.columns.len()).max(1);
    let shared = shared.count() * 100 / most;
    let sum = shared * 70 / 100 + usize::from(of_names(&old.name, &new.name)) * 30 / 100;
    u8::try_from(sum).ok().filter(|_| shared >= SHARED_LEAST && sum >= LEAST)
}

/// Those that are equal but for their names.
fn equal<T>(
    from: &[T],
    to: &[T],
    name: impl Fn(&T) -> String,
    kind: RenameKind,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Guess> {
    let there = |list: &[T], one: &T| list.iter().any(|other| name(other) == name(one));
    let mut found = Vec::new();
    for old in from.iter().filter(|one| !there(to, one)) {
        for new in to.iter().filter(|one| !there(from, one) && same(old, one)) {
            found.push(guess(kind, None, &name(old), &name(new), 95));
        }
    }
    found
}
