//! Tables and partitions.

use super::column::{Column, Family};
use super::constraint::{self, Constraint};
use super::world::{World, word};
use crate::support::Random;

/// Columns besides `id` at first at most.
const COLUMNS_MAX: u64 = 6;
/// How many values of `id` a partition holds.
const PARTITION_WIDTH: u64 = 100;

/// A table. It has a column `id`; a partition has the columns of its table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// As SQL, with its schema.
    pub(super) name: String,
    pub(super) needs: Vec<String>,
    pub(super) columns: Vec<Column>,
    /// `PRIMARY KEY …`, or none.
    pub(super) key: &'static str,
    pub(super) constraints: Vec<Constraint>,
    /// Partitioned: how many partitions were made.
    pub(super) partitions: Option<u64>,
    /// A partition: of which table, and its bound.
    pub(super) of: Option<(String, String)>,
    pub(super) unlogged: bool,
    pub(super) options: &'static str,
    /// After ALTER TABLE and the name.
    pub(super) settings: Vec<&'static str>,
    pub(super) comment: Option<u64>,
    /// After GRANT.
    pub(super) grant: &'static str,
}

const KEYS: [&str; 4] =
    ["PRIMARY KEY (id)", "PRIMARY KEY (id)", "PRIMARY KEY (id) WITH (fillfactor = 70)", ""];
const OPTIONS: [&str; 4] =
    ["", "", " WITH (fillfactor = 60)", " WITH (autovacuum_enabled = false)"];
const SETTINGS: [&str; 5] = [
    "ENABLE ROW LEVEL SECURITY",
    "FORCE ROW LEVEL SECURITY",
    "REPLICA IDENTITY FULL",
    "REPLICA IDENTITY NOTHING",
    "ENABLE ROW LEVEL SECURITY",
];
const GRANTS: [&str; 5] = ["", "", "SELECT", "SELECT, INSERT", "SELECT (id)"];

impl Table {
    /// One, with its partitions when it has any.
    pub(super) fn draw(world: &mut World, random: &mut Random) -> Vec<Self> {
        let (name, needs) = world.name("t", random);
        let mut table = Self {
            name,
            needs,
            columns: Vec::new(),
            key: word(random, &KEYS),
            constraints: Vec::new(),
            partitions: random.chance(15).then_some(0),
            of: None,
            unlogged: false,
            options: "",
            settings: Vec::new(),
            comment: random.chance(15).then(|| random.below(3)),
            grant: if random.chance(20) { word(random, &GRANTS) } else { "" },
        };
        if table.partitions.is_none() {
            table.unlogged = random.chance(6);
            table.options = word(random, &OPTIONS);
        }
        for _ in 0..random.below(COLUMNS_MAX) {
            table.add_column(world, random);
        }
        for _ in 0..random.below(3) {
            table.add_constraint(world, random);
        }
        if random.chance(25) {
            table.add_setting(random);
        }
        let mut all = vec![table];
        if all[0].partitions.is_some() {
            for _ in 0..random.below(4) {
                let partition = all[0].add_partition(world, random);
                all.push(partition);
            }
        }
        all
    }

    pub(super) fn add_column(&mut self, world: &mut World, random: &mut Random) {
        let column = Column::draw(world, &self.columns, random);
        self.columns.push(column);
    }

    pub(super) fn add_constraint(&mut self, world: &mut World, random: &mut Random) {
        let constraint = constraint::draw(world, self, random);
        self.constraints.extend(constraint);
    }

    pub(super) fn add_setting(&mut self, random: &mut Random) {
        let setting = word(random, &SETTINGS);
        let of_kind = |other: &&str| other.starts_with("REPLICA") && setting.starts_with("REPLICA");
        self.settings.retain(|other| *other != setting && !of_kind(&other));
        self.settings.push(setting);
    }

    /// A partition of this table.
    pub(super) fn add_partition(&mut self, world: &mut World, random: &mut Random) -> Self {
        let (name, needs) = world.name("p", random);
        let number = self.partitions.unwrap_or_default();
        self.partitions = Some(number + 1);
        let from = number * PARTITION_WIDTH;
        let bound = match number {
            2 => "DEFAULT".to_owned(),
            _ => format!("FOR VALUES FROM ({from}) TO ({})", from + PARTITION_WIDTH),
        };
        Self {
            name,
            needs,
            columns: Vec::new(),
            key: "",
            constraints: Vec::new(),
            partitions: None,
            of: Some((self.name.clone(), bound)),
            unlogged: false,
            options: word(random, &OPTIONS),
            settings: Vec::new(),
            comment: None,
            grant: "",
        }
    }

    /// Columns that an expression can name.
    pub(super) fn readable(&self) -> Vec<(String, Family)> {
        let id = ("id".to_owned(), Family::Number);
        let own = self.columns.iter().map(|column| (column.name.clone(), column.family));
        [id].into_iter().chain(own).collect()
    }
}
