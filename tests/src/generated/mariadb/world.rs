//! What is drawn, before it is text.

use super::object::{Body, Object};
use super::table::Table;
use crate::support::Random;

/// Tables at first at most.
const TABLES_MAX: u64 = 4;
/// Other objects at first at most.
const OBJECTS_MAX: u64 = 5;

/// A schema.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    pub(super) tables: Vec<Table>,
    pub(super) objects: Vec<Object>,
    /// So that no name comes twice.
    named: u32,
}

impl World {
    pub(super) fn draw(random: &mut Random) -> Self {
        let mut world = Self::default();
        if random.chance(20) {
            world.objects.extend(Object::draw(&mut Self::default(), random));
        }
        for _ in 0..=random.below(TABLES_MAX) {
            let table = Table::draw(&mut world, random);
            world.tables.push(table);
        }
        for _ in 0..random.below(OBJECTS_MAX + 1) {
            if let Some(object) = Object::draw(&mut world, random) {
                world.objects.push(object);
            }
        }
        world
    }

    /// A name; now and then one that needs its quotes.
    pub(super) fn name(&mut self, start: &str, random: &mut Random) -> String {
        self.named += 1;
        let odd = ["order", "a b", "Ünï", "x`y", "semi;colon", "q'uote", "Mixed"];
        match random.chance(6) {
            true => format!("{}{}", random.pick(&odd), self.named),
            false => format!("{start}{}", self.named),
        }
    }

    pub(super) fn sequences(&self) -> impl Iterator<Item = &str> {
        let sequence = |one: &&Object| matches!(one.body, Body::Sequence { .. });
        self.objects.iter().filter(sequence).map(|one| one.name.as_str())
    }

    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

/// A quoted name.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// One of some words.
pub(super) fn word(random: &mut Random, from: &[&'static str]) -> &'static str {
    from[random.index(from.len())]
}
