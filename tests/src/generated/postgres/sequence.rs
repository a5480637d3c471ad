//! Sequences.

use super::thing::{Kind, Thing};
use super::world::{World, comment, word};
use crate::support::Random;

/// A sequence.
pub(super) fn draw(world: &mut World, random: &mut Random) -> Option<Thing> {
    let (name, needs) = world.name("s", random);
    let thing = Thing { name, kind: Kind::Sequence, needs, columns: Vec::new(), sql: Vec::new() };
    Some(redraw(thing, random))
}

/// The same sequence with other properties.
pub(super) fn redraw(mut thing: Thing, random: &mut Random) -> Thing {
    let name = &thing.name;
    let of = word(random, &["", " AS integer", " AS smallint"]);
    let step = word(random, &["", " INCREMENT BY 3", " INCREMENT BY -1"]);
    let limit = word(random, &["", " MINVALUE -20 MAXVALUE 1000", " MAXVALUE 500"]);
    let limit = if step.ends_with("-1") { "" } else { limit };
    let end = word(random, &["", " CACHE 5", " CYCLE"]);
    thing.sql = vec![format!("CREATE SEQUENCE {name}{of}{step}{limit}{end}")];
    thing.sql.extend(comment(&format!("SEQUENCE {name}"), random));
    thing
}
