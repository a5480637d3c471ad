//! Types and extensions.

use super::column::Family;
use super::thing::{Kind, Thing};
use super::world::{World, comment, word};
use crate::support::Random;

/// How many values an enum has at most.
const VALUES_MAX: usize = 6;

/// A type.
pub(super) fn draw(world: &mut World, random: &mut Random) -> Option<Thing> {
    let (name, needs) = world.name("y", random);
    let kind = match random.below(6) {
        0..=2 => Kind::Enum(vec!["new".to_owned(), "it's".to_owned()]),
        3 => Kind::Domain(if random.chance(50) { Family::Number } else { Family::Text }),
        4 => Kind::Composite,
        _ => Kind::Range,
    };
    let thing = Thing { name, kind, needs, columns: Vec::new(), sql: Vec::new() };
    Some(redraw(thing, random))
}

/// The same type with other properties.
pub(super) fn redraw(mut thing: Thing, random: &mut Random) -> Thing {
    let name = &thing.name;
    let kind = if matches!(thing.kind, Kind::Domain(_)) { "DOMAIN" } else { "TYPE" };
    let sql = match &mut thing.kind {
        Kind::Enum(values) => {
            change_values(values, random);
            let values: Vec<String> =
                values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
            format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
        }
        Kind::Domain(family) => {
            let number = random.below(5);
            let (base, default, check) = match family {
                Family::Number => ("integer", format!("{number}"), format!("VALUE > -{number}")),
                _ => ("text", format!("'d{number}'"), format!("VALUE IN ('x', 'd{number}')")),
            };
            let default =
                if random.chance(30) { format!(" DEFAULT {default}") } else { String::new() };
            let not_null = if random.chance(15) { " NOT NULL" } else { "" };
            let check = match random.chance(50) {
                true => format!(" CONSTRAINT plain CHECK ({check} OR VALUE IS NULL)"),
                false => String::new(),
            };
            format!("CREATE DOMAIN {name} AS {base}{default}{not_null}{check}")
        }
        Kind::Composite => {
            let more = word(random, &["", ", c integer[]", ", \"D e\" timestamptz"]);
            format!(
                "CREATE TYPE {name} AS (a integer, b {}{more})",
                word(random, &["text", "date"])
            )
        }
        _ => {
            let subtype = word(random, &["integer", "text", "timestamptz"]);
            format!("CREATE TYPE {name} AS RANGE (subtype = {subtype})")
        }
    };
    thing.sql = vec![sql];
    thing.sql.extend(comment(&format!("{kind} {name}"), random));
    thing
}

/// The first value stays: expressions use it.
fn change_values(values: &mut Vec<String>, random: &mut Random) {
    let new = format!("v{}", random.below(100));
    if random.chance(25) && values.len() > 1 {
        values.remove(1 + random.index(values.len() - 1));
    } else if values.len() < VALUES_MAX && !values.contains(&new) {
        values.insert(1 + random.index(values.len()), new);
    }
}

/// An extension that comes with every server.
pub(super) fn extension(world: &World, random: &mut Random) -> Option<Thing> {
    let name = word(random, &["citext", "pg_trgm", "hstore", "btree_gist"]);
    if world.thing(name).is_some() {
        return None;
    }
    let sql = vec![format!("CREATE EXTENSION {name}")];
    let thing = Thing {
        name: name.to_owned(),
        kind: Kind::Extension,
        needs: Vec::new(),
        columns: Vec::new(),
        sql,
    };
    Some(thing)
}
