//! Tables, their keys and constraints.

use super::column::{COLLATIONS, Column, Family};
use super::world::{World, quoted, word};
use crate::support::Random;

/// Columns besides the key at first at most.
const COLUMNS_MAX: u64 = 6;

/// A table, whose key is its column `id`.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    /// The type of `id`, which those that refer to it have too.
    pub(super) id: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) keys: Vec<Key>,
    pub(super) checks: Vec<(String, String, String)>,
    pub(super) references: Vec<Reference>,
    pub(super) engine: &'static str,
    pub(super) collation: &'static str,
    /// Name and value.
    pub(super) options: Vec<(&'static str, &'static str)>,
    pub(super) partitions: Option<Partitions>,
    pub(super) versions: Versions,
    /// A period of its own, with a unique key in which none overlap.
    pub(super) period: bool,
    pub(super) primary: Primary,
}

/// What is known of earlier rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Versions {
    None,
    Kept,
    /// With columns that say from when to when.
    Dated,
}

/// What the primary key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primary {
    Id,
    /// Numbers come by themselves, where `id` is one.
    Numbered,
    /// There is a plain index instead.
    None,
}

/// An index.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) name: String,
    /// `unique key`.
    pub(super) kind: &'static str,
    /// Columns and their parts.
    pub(super) parts: Vec<(String, String)>,
    pub(super) options: &'static str,
}

/// A foreign key on a column of its own.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) name: String,
    pub(super) column: String,
    pub(super) parent: String,
    pub(super) actions: &'static str,
    /// Without a name and without an index of its own.
    pub(super) bare: bool,
}

/// Partitions by `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partitions {
    Hash(u64),
    Key(u64),
    Range(u64),
    Open(u64),
    /// By a list, each part cut in two.
    List(u64),
    /// By texts.
    Columns(u64),
}

pub(super) const IDS: [&str; 5] =
    ["int", "bigint unsigned", "bigint", "char(36) collate utf8mb4_bin", "varchar(20)"];

const OPTIONS: [(&str, &str); 8] = [
    ("comment", "'it''s; -- `a`'"),
    ("comment", "'plain'"),
    ("row_format", "dynamic"),
    ("row_format", "compact"),
    ("stats_persistent", "1"),
    ("stats_sample_pages", "7"),
    ("max_rows", "500"),
    ("page_compressed", "1"),
];

impl Table {
    pub(super) fn draw(world: &mut World, random: &mut Random) -> Self {
        let mut table = Self {
            name: world.name("t", random),
            id: word(random, &IDS),
            columns: Vec::new(),
            keys: Vec::new(),
            checks: Vec::new(),
            references: Vec::new(),
            engine: if random.chance(85) { "InnoDB" } else { word(random, &["MyISAM", "Aria"]) },
            collation: word(random, &COLLATIONS),
            options: Vec::new(),
            partitions: None,
            versions: Versions::draw(random),
            period: random.chance(6),
            primary: Primary::draw(random),
        };
        for _ in 0..random.below(COLUMNS_MAX) {
            table.add_column(world, random);
        }
        for _ in 0..random.below(3) {
            table.add_key(world, random);
        }
        if random.chance(30) {
            table.add_check(world, random);
        }
        for _ in 0..random.below(3) {
            table.add_reference(world, random);
        }
        if random.chance(30) {
            table.set_option(random);
        }
        if random.chance(12) {
            table.partitions = Some(Partitions::draw(random));
        }
        table
    }

    pub(super) fn add_column(&mut self, world: &mut World, random: &mut Random) {
        let column = Column::draw(world, &self.columns, random);
        // One that is computed stands anywhere; the server does not mind.
        let place = random.index(self.columns.len() + 1);
        self.columns.insert(place, column);
    }

    pub(super) fn add_key(&mut self, world: &mut World, random: &mut Random) {
        let name = world.name("k", random);
        if self.columns.is_empty() {
            return;
        }
        let texts: Vec<&Column> = self
            .columns
            .iter()
            .filter(|column| column.family == Family::Text && column.uses.is_empty())
            .collect();
        if random.chance(12) && !texts.is_empty() {
            let column = &random.pick(&texts).name;
            let parts = vec![(column.clone(), quoted(column))];
            self.keys.push(Key { name, kind: "fulltext key", parts, options: "" });
            return;
        }
        let places: Vec<&Column> =
            self.columns.iter().filter(|column| column.family == Family::Place).collect();
        if random.chance(60) && !places.is_empty() {
            let column = &random.pick(&places).name;
            let parts = vec![(column.clone(), quoted(column))];
            self.keys.push(Key { name, kind: "spatial key", parts, options: "" });
            return;
        }
        if random.chance(10) && !texts.is_empty() {
            // As long as it is: unique by a hash.
            let column = &random.pick(&texts).name;
            let parts = vec![(column.clone(), quoted(column))];
            self.keys.push(Key { name, kind: "unique key", parts, options: "" });
            return;
        }
        let mut parts: Vec<(String, String)> = Vec::new();
        for _ in 0..=random.below(3) {
            let column = random.pick(&self.columns);
            let new = parts.iter().all(|(name, _)| *name != column.name);
            if let Some(part) = column.key_part(random).filter(|_| new) {
                parts.push((column.name.clone(), part));
            }
        }
        if !parts.is_empty() {
            let kind = if random.chance(30) { "unique key" } else { "key" };
            let options = word(random, &["", "", "", " using btree", " comment 'c;k'", " ignored"]);
            self.keys.push(Key { name, kind, parts, options });
        }
    }

    pub(super) fn add_check(&mut self, world: &mut World, random: &mut Random) {
        let name = world.name("chk", random);
        let numbers = self.columns.iter().filter(|column| column.family == Family::Number);
        let numbers: Vec<&Column> = numbers.collect();
        if !numbers.is_empty() {
            let column = &random.pick(&numbers).name;
            let condition = format!(
                "{} {} {} or 'it''s' = 'a'",
                quoted(column),
                word(random, &[">", "<>"]),
                random.below(9)
            );
            self.checks.push((name, column.clone(), condition));
        }
    }

    pub(super) fn add_reference(&mut self, world: &mut World, random: &mut Random) {
        const ACTIONS: [&str; 4] = [
            "",
            " on delete cascade",
            " on delete set null on update cascade",
            " on update no action",
        ];
        let (name, column) = (world.name("fk", random), world.name("r", random));
        let mut parents: Vec<String> =
            world.tables.iter().map(|table| table.name.clone()).collect();
        parents.push(self.name.clone());
        self.references.push(Reference {
            name,
            column,
            parent: random.pick(&parents).clone(),
            actions: word(random, &ACTIONS),
            bare: random.chance(40),
        });
    }

    pub(super) fn set_option(&mut self, random: &mut Random) {
        let (name, value) = *random.pick(&OPTIONS);
        self.options.retain(|(other, _)| *other != name);
        if random.chance(75) {
            self.options.push((name, value));
        }
    }

    /// It may be on either side of a foreign key.
    pub(super) fn relates(&self) -> bool {
        self.engine == "InnoDB"
            && self.partitions.is_none()
            && self.versions == Versions::None
            && !self.period
    }
}

impl Partitions {
    pub(super) fn draw(random: &mut Random) -> Self {
        let count = 1 + random.below(4);
        match random.below(6) {
            0 => Self::Hash(count),
            1 => Self::Key(count),
            2 => Self::Range(count),
            3 => Self::List(count),
            4 => Self::Columns(count),
            _ => Self::Open(count),
        }
    }
}

impl Versions {
    pub(super) fn draw(random: &mut Random) -> Self {
        match random.below(100) {
            0..=4 => Self::Kept,
            5..=7 => Self::Dated,
            _ => Self::None,
        }
    }
}

impl Primary {
    pub(super) fn draw(random: &mut Random) -> Self {
        match random.below(10) {
            0 => Self::None,
            1..=4 => Self::Numbered,
            _ => Self::Id,
        }
    }
}
