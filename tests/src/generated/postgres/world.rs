//! What is drawn, before it is text.

use super::column::Family;
use super::table::Table;
use super::thing::{Kind, Part, Thing};
use super::{attached, index, routine, sequence, types, view};
use crate::support::Random;

/// Tables at first at most.
const TABLES_MAX: u64 = 4;
/// Types, sequences and routines before the tables at most.
const BEFORE_MAX: u64 = 5;
/// Things on the tables at most.
const AFTER_MAX: u64 = 10;

/// A schema, in an order in which it can be made.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    pub(super) parts: Vec<Part>,
    /// So that no name comes twice.
    named: u32,
}

impl World {
    pub(super) fn draw(random: &mut Random) -> Self {
        let mut world = Self::default();
        if random.chance(25) {
            let name = "app".to_owned();
            let sql = vec!["CREATE SCHEMA app".to_owned()];
            world.push(Thing { name, kind: Kind::Schema, needs: vec![], columns: vec![], sql });
        }
        for _ in 0..random.below(BEFORE_MAX + 1) {
            world.add_before(random);
        }
        for _ in 0..=random.below(TABLES_MAX) {
            world.add_table(random);
        }
        for _ in 0..random.below(AFTER_MAX + 1) {
            world.add_after(random);
        }
        world
    }

    pub(super) fn push(&mut self, thing: Thing) {
        self.parts.push(Part::Thing(thing));
    }

    /// A type, a sequence, an extension or a function.
    pub(super) fn add_before(&mut self, random: &mut Random) {
        let thing = match random.below(8) {
            0..=2 => types::draw(self, random),
            3 => sequence::draw(self, random),
            4 => types::extension(self, random),
            _ => Some(routine::draw(self, random)),
        };
        thing.into_iter().for_each(|thing| self.push(thing));
    }

    pub(super) fn add_table(&mut self, random: &mut Random) {
        for table in Table::draw(self, random) {
            self.parts.push(Part::Table(table));
        }
    }

    /// A view, an index, a routine, a trigger or a policy.
    pub(super) fn add_after(&mut self, random: &mut Random) {
        let thing = match random.below(12) {
            0..=2 => view::draw(self, random),
            3..=5 => index::draw(self, random),
            6 => Some(routine::draw(self, random)),
            7..=9 => attached::trigger(self, random),
            _ => attached::policy(self, random),
        };
        thing.into_iter().for_each(|thing| self.push(thing));
    }

    /// A bare name; now and then one that needs its quotes.
    pub(super) fn word(&mut self, start: &str, random: &mut Random) -> String {
        self.named += 1;
        let odd = ["order ", "a b ", "Ünï", "x\"y", "semi;colon", "q'uote", "Mixed"];
        match random.chance(6) {
            true => quoted(&format!("{}{}", random.pick(&odd), self.named)),
            false => format!("{start}{}", self.named),
        }
    }

    /// The name of a part, in a schema of its own now and then, and what it needs for that.
    pub(super) fn name(&mut self, start: &str, random: &mut Random) -> (String, Vec<String>) {
        let word = self.word(start, random);
        let other = self.thing("app").is_some() && random.chance(30);
        match other {
            true => (format!("app.{word}"), vec!["app".to_owned()]),
            false => (word, Vec::new()),
        }
    }

    pub(super) fn thing(&self, name: &str) -> Option<&Thing> {
        self.parts.iter().filter_map(Part::thing).find(|thing| thing.name == name)
    }

    pub(super) fn things(&self, of: impl Fn(&Kind) -> bool) -> Vec<&Thing> {
        self.parts.iter().filter_map(Part::thing).filter(|thing| of(&thing.kind)).collect()
    }

    pub(super) fn tables(&self) -> Vec<&Table> {
        self.parts.iter().filter_map(Part::table).collect()
    }

    /// Tables and views, with columns that can be read.
    pub(super) fn readable(&self) -> Vec<(&str, Vec<(String, Family)>)> {
        let all = self.parts.iter().map(|part| (part.name(), part.columns()));
        all.filter(|(_, columns)| !columns.is_empty()).collect()
    }

    /// The world as it was when a part was made: what the part may refer to.
    pub(super) fn before(&self, place: usize) -> Self {
        Self { parts: self.parts[..place].to_vec(), named: self.named }
    }

    /// Names that were given out in a copy.
    pub(super) fn named_like(&mut self, other: &Self) {
        self.named = self.named.max(other.named);
    }
}

/// A name in quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name without its schema.
pub(super) fn bare(name: &str) -> &str {
    name.strip_prefix("app.").unwrap_or(name)
}

/// One of some words.
pub(super) fn word(random: &mut Random, from: &[&'static str]) -> &'static str {
    from[random.index(from.len())]
}

/// A comment, or its removal.
pub(super) fn comment(on: &str, random: &mut Random) -> Vec<String> {
    match random.chance(15) {
        true => vec![format!("COMMENT ON {on} IS 'it''s; {}'", random.below(3))],
        false => Vec::new(),
    }
}
