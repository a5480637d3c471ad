//! One change of a schema.

use super::column::{COLLATIONS, drawn_type};
use super::object::Object;
use super::table::{IDS, Partitions, Primary, Table, Versions};
use super::world::{World, word};
use crate::support::Random;

/// Makes one change; now and then there is nothing to change.
pub(super) fn one(world: &mut World, random: &mut Random) {
    match random.below(20) {
        0 => {
            let table = Table::draw(world, random);
            world.tables.push(table);
        }
        1 if !world.tables.is_empty() => {
            world.tables.remove(random.index(world.tables.len()));
        }
        2 => {
            if let Some(object) = Object::draw(world, random) {
                let place = random.index(world.objects.len() + 1);
                world.objects.insert(place, object);
            }
        }
        3 if !world.objects.is_empty() => {
            world.objects.remove(random.index(world.objects.len()));
        }
        4 | 5 if !world.objects.is_empty() => {
            let place = random.index(world.objects.len());
            let mut object = world.objects[place].clone();
            object.draw_again(world, random);
            world.objects[place] = object;
        }
        _ if !world.tables.is_empty() => {
            let place = random.index(world.tables.len());
            let mut table = world.tables[place].clone();
            change(&mut table, world, random);
            world.tables[place] = table;
        }
        _ => {}
    }
}

fn change(table: &mut Table, world: &mut World, random: &mut Random) {
    let columns = table.columns.len();
    match random.below(20) {
        0..=2 => table.add_column(world, random),
        3 | 4 if columns > 0 => {
            table.columns.remove(random.index(columns));
        }
        5 if columns > 0 => {
            let column = table.columns.remove(random.index(columns));
            table.columns.insert(random.index(columns), column);
        }
        6 | 7 if columns > 0 => table.columns[random.index(columns)].draw_attributes(random),
        8 if columns > 0 => retype(table, random),
        9 => table.add_key(world, random),
        10 if !table.keys.is_empty() => {
            table.keys.remove(random.index(table.keys.len()));
        }
        11 if !table.keys.is_empty() => {
            let place = random.index(table.keys.len());
            let key = &mut table.keys[place];
            match random.below(3) {
                0 if key.kind == "key" => key.kind = "unique key",
                1 if key.options.is_empty() => key.options = " ignored",
                _ => key.options = "",
            }
        }
        12 => table.add_check(world, random),
        13 if !table.checks.is_empty() => {
            table.checks.remove(random.index(table.checks.len()));
        }
        14 => table.add_reference(world, random),
        15 if !table.references.is_empty() => {
            let place = random.index(table.references.len());
            match random.below(3) {
                0 => drop(table.references.remove(place)),
                1 => table.references[place].actions = " on delete cascade",
                _ => table.references[place].bare ^= true,
            }
        }
        16 => table.collation = word(random, &COLLATIONS),
        17 => table.id = word(random, &IDS),
        18 => match random.below(3) {
            0 => table.partitions = Some(Partitions::draw(random)),
            1 => table.partitions = None,
            _ if table.versions != Versions::None => table.versions = Versions::None,
            _ => table.versions = Versions::draw(random),
        },
        _ => match random.below(6) {
            1 => table.primary = Primary::draw(random),
            2 if table.period => {}
            2 => table.period = random.chance(30),
            0 if table.versions == Versions::None => {
                table.engine = word(random, &["InnoDB", "MyISAM", "Aria"])
            }
            _ => table.set_option(random),
        },
    }
}

/// Another type, and what belongs to it.
fn retype(table: &mut Table, random: &mut Random) {
    let place = random.index(table.columns.len());
    let name = table.columns[place].name.clone();
    let used = table.columns.iter().any(|column| column.uses.contains(&name))
        || table.checks.iter().any(|(_, column, _)| *column == name);
    let column = &mut table.columns[place];
    if !column.uses.is_empty() {
        let kept = if column.attributes.ends_with("virtual") { "stored" } else { "virtual" };
        if let Some((start, _)) = column.attributes.rsplit_once(' ') {
            column.attributes = format!("{start} {kept}");
        }
        return;
    }
    let (family, data_type) = drawn_type(random);
    if used && family != column.family {
        return;
    }
    if family != column.family {
        table.keys.retain(|key| key.parts.iter().all(|(part, _)| *part != name));
    }
    // An index names a length that the new type may not have.
    table
        .keys
        .retain(|key| key.parts.iter().all(|(part, text)| *part != name || !text.contains('(')));
    column.family = family;
    column.data_type = data_type;
    column.draw_attributes(random);
    let whole = ["text", "blob"].iter().any(|long| column.data_type.contains(long));
    if whole {
        table.keys.retain(|key| key.parts.iter().all(|(part, _)| *part != name));
    }
}
