//! Keys, checks and periods of a table: those that change are dropped and added.

use super::again::is_made_again;
use super::matched::{Matched, matched};
use crate::mysql::{Check, Key, Period, Table};

/// What goes, what changes in place, what comes.
pub(super) struct Members<'a> {
    pub(super) keys: Matched<'a, Key>,
    pub(super) checks: Matched<'a, Check>,
    pub(super) periods: Matched<'a, Period>,
}

/// The members of two tables.
pub(super) fn members<'a>(from: &'a Table, to: &'a Table) -> Members<'a> {
    let mut keys = changed(&from.keys, &to.keys, |key| key.name.as_str());
    keep_vanishing(from, to, &mut keys);
    let checks = changed(&from.checks, &to.checks, |check| check.name.as_str());
    let periods = changed(&from.periods, &to.periods, |period| period.name.as_str());
    Members { keys, checks, periods }
}

/// Like [`matched`], but what is in both and not equal is gone and new; the rest of both is what
/// changes in place.
fn changed<'a, T: PartialEq + InPlace>(
    from: &'a [T],
    to: &'a [T],
    name: impl Fn(&'a T) -> &'a str,
) -> Matched<'a, T> {
    let mut found = matched(from, to, name);
    for (before, after) in std::mem::take(&mut found.both) {
        if before == after {
            continue;
        }
        if before.becomes(after) {
            found.both.push((before, after));
        } else {
            found.gone.push(before);
            found.new.push(after);
        }
    }
    found
}

/// An index goes with a column that is dropped and added. And one that the server would take away
/// for a new one is made by name.
fn keep_vanishing<'a>(from: &Table, to: &'a Table, keys: &mut Matched<'a, Key>) {
    let again = |name: &String| match (from.column(name), to.column(name)) {
        (Some(before), Some(after)) => is_made_again(before, after),
        _ => false,
    };
    let vanishes = |key: &&Key| {
        let taken = |new: &&&Key| new.name != key.name && key.may_vanish(&new.columns);
        key.columns.iter().any(again) || keys.new.iter().any(|new| taken(&new))
    };
    let kept: Vec<&Key> =
        to.keys.iter().filter(|key| from.keys.contains(key)).filter(vanishes).collect();
    keys.gone.extend(&kept);
    keys.new.extend(kept);
}

/// What changes without being dropped.
trait InPlace {
    fn becomes(&self, _after: &Self) -> bool {
        false
    }
}

impl InPlace for Check {}
impl InPlace for Period {}
impl InPlace for Key {
    /// Only the optimizer's use of it changes.
    fn becomes(&self, after: &Self) -> bool {
        Self { hidden: after.hidden, ..self.clone() } == *after
    }
}
