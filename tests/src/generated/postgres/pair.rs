//! A pair.

use super::world::World;
use super::{edit, text};
use crate::generated::Schema;
use crate::support::Random;

/// How many changes lead from one schema to the other at most.
const EDITS_MAX: u64 = 8;

/// Two schemas, the second made from the first by changes; now and then by none, or from nothing.
#[must_use]
pub(in crate::generated) fn draw(random: &mut Random) -> (Schema, Schema) {
    let current = World::draw(random);
    if random.chance(5) {
        return (Schema::default(), text::schema(&current));
    }
    let mut desired = current.clone();
    for _ in 0..random.below(EDITS_MAX + 1) {
        edit::one(&mut desired, random);
    }
    (text::schema(&current), text::schema(&desired))
}
