//! One change of a schema.

use super::table::Table;
use super::thing::{Kind, Part, Thing};
use super::world::{World, word};
use super::{routine, sequence, types, view};
use crate::support::Random;

/// Makes one change; now and then there is nothing to change.
pub(super) fn one(world: &mut World, random: &mut Random) {
    let count = world.parts.len();
    match random.below(20) {
        0 => world.add_table(random),
        1 => world.add_before(random),
        2..=4 => world.add_after(random),
        5..=7 if count > 0 => {
            world.parts.remove(random.index(count));
        }
        _ if count > 0 => change(world, random.index(count), random),
        _ => {}
    }
}

/// Changes a part. It can only refer to what was made before it.
fn change(world: &mut World, place: usize, random: &mut Random) {
    let mut before = world.before(place);
    let changed = match world.parts[place].clone() {
        Part::Table(mut table) => {
            // Its partitions come after it; its references are made last.
            if table.partitions.is_some() && random.chance(20) {
                let partition = table.add_partition(&mut before, random);
                world.parts.insert(place + 1, Part::Table(partition));
            } else {
                change_table(&mut table, &mut before, random);
            }
            Some(Part::Table(table))
        }
        Part::Thing(thing) => redrawn(thing, &mut before, random).map(Part::Thing),
    };
    world.named_like(&before);
    if let Some(part) = changed {
        world.parts[place] = part;
    }
}

/// The same kind of thing under the same name, where its kind has other forms.
fn redrawn(thing: Thing, before: &mut World, random: &mut Random) -> Option<Thing> {
    match thing.kind {
        Kind::Enum(_) | Kind::Domain(_) | Kind::Composite | Kind::Range => {
            Some(types::redraw(thing, random))
        }
        Kind::Sequence => Some(sequence::redraw(thing, random)),
        Kind::Number | Kind::TriggerFunction | Kind::Routine => {
            Some(routine::redraw(thing, before, random))
        }
        Kind::View => view::redraw(thing, before, random),
        Kind::Schema | Kind::Extension | Kind::Index | Kind::Trigger | Kind::Policy => None,
    }
}

fn change_table(table: &mut Table, world: &mut World, random: &mut Random) {
    if table.of.is_some() {
        return table.add_setting(random);
    }
    let columns = table.columns.len();
    match random.below(16) {
        0..=2 => table.add_column(world, random),
        3 | 4 if columns > 0 => {
            table.columns.remove(random.index(columns));
        }
        5..=7 if columns > 0 => {
            table.columns[random.index(columns)].draw_attributes(world, random);
        }
        8 | 9 if columns > 0 => {
            table.columns[random.index(columns)].retype(random);
        }
        10 => table.add_constraint(world, random),
        11 | 12 if !table.constraints.is_empty() => {
            table.constraints.remove(random.index(table.constraints.len()));
        }
        13 => match table.settings.is_empty() {
            true => table.add_setting(random),
            false => drop(table.settings.pop()),
        },
        14 if table.partitions.is_none() => {
            table.options = word(random, &["", " WITH (fillfactor = 60)"]);
        }
        _ => table.comment = Some(random.below(3)),
    }
}
