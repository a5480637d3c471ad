//! Schemas of SQLite: every kind of the model, names and spellings that nobody likes.

mod columns;
mod family;
mod model;
mod objects;
mod style;
mod vary;

pub use family::draw_family;

use super::Schema;
use crate::support::Random;

/// How many changes lead from one schema to the other.
const CHANGES_MAX: u64 = 5;

/// Two schemas, the second made from the first by changes, each spelled in its own way.
#[must_use]
pub(super) fn draw(random: &mut Random) -> (Schema, Schema) {
    let current = model::Model::draw(random);
    let mut desired = current.clone();
    for _ in 0..=random.below(CHANGES_MAX) {
        desired.change(random);
    }
    let restyled = random.chance(40);
    let current = current.schema();
    let desired = desired.schema();
    match restyled {
        true => (style::spelled(&current, random), style::spelled(&desired, random)),
        false => (current, desired),
    }
}
