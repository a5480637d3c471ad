//! Triggers, in the order in which they run.

use std::collections::BTreeSet;

use super::whole::steps;
use crate::Step;
use crate::mysql::{Catalog, Trigger, write};

/// Drops the triggers that do not stay. With a table its triggers go.
pub(super) fn dropped(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let stay = staying(from, to);
    let gone = from.triggers.iter().filter(|trigger| {
        !stay.contains(trigger.name.as_str()) && to.table(&trigger.table).is_some()
    });
    steps(gone.map(|trigger| format!("DROP TRIGGER {}", write::name(&trigger.name))))
}

/// Creates the others, each behind the one it follows.
pub(super) fn made(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let stay = staying(from, to);
    let mut texts = Vec::new();
    for (at, trigger) in to.triggers.iter().enumerate() {
        if stay.contains(trigger.name.as_str()) {
            continue;
        }
        let mates = |other: &&Trigger| other.group() == trigger.group();
        let before = to.triggers[..at].iter().rev().find(mates);
        let later = |other: &&Trigger| mates(other) && stay.contains(other.name.as_str());
        let after = to.triggers[at + 1..].iter().find(later);
        let order = match (before, after) {
            // It comes last by itself.
            (_, None) => String::new(),
            (Some(before), _) => format!("FOLLOWS {} ", write::name(&before.name)),
            (None, Some(after)) => format!("PRECEDES {} ", write::name(&after.name)),
        };
        texts.push(create(trigger, &order));
    }
    steps(texts)
}

fn create(trigger: &Trigger, order: &str) -> String {
    let Trigger { name, table, timing, event, body } = trigger;
    let (name, table) = (write::name(name), write::name(table));
    format!("CREATE TRIGGER {name} {timing} {event} ON {table}\nFOR EACH ROW {order}{body}")
}

/// The names of the triggers that are equal and among which the order is. A table that is made
/// anew has none of its old ones.
fn staying<'a>(from: &Catalog, to: &'a Catalog) -> BTreeSet<&'a str> {
    let mut stay = BTreeSet::new();
    let mut passed: Vec<(&Trigger, usize)> = Vec::new();
    for trigger in &to.triggers {
        let place = from.triggers.iter().position(|old| old == trigger);
        let Some(place) = place.filter(|_| from.table(&trigger.table).is_some()) else { continue };
        let in_order =
            |(other, at): &(&Trigger, usize)| other.group() != trigger.group() || *at < place;
        if passed.iter().all(in_order) {
            passed.push((trigger, place));
            stay.insert(trigger.name.as_str());
        }
    }
    stay
}
