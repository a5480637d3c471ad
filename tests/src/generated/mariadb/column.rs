//! Columns.

use super::world::{World, quoted, word};
use crate::support::Random;

/// What may be done with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Number,
    Text,
    Bytes,
    Moment,
    Choice,
    Place,
    /// No index takes it, nothing refers to it.
    Other,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) family: Family,
    /// Type and collation.
    pub(super) data_type: String,
    /// What follows.
    pub(super) attributes: String,
    /// The columns its text names.
    pub(super) uses: Vec<String>,
    /// The sequence its default takes from.
    pub(super) sequence: Option<String>,
}

pub(super) const COLLATIONS: [&str; 6] = [
    "utf8mb4_general_ci",
    "utf8mb4_bin",
    "utf8mb4_unicode_ci",
    "latin1_swedish_ci",
    "latin1_bin",
    "utf8mb3_general_ci",
];

const NUMBERS: [&str; 10] = [
    "tinyint(1)",
    "smallint",
    "mediumint unsigned",
    "int",
    "int(8) unsigned zerofill",
    "bigint",
    "bigint unsigned",
    "decimal(10,2)",
    "double",
    "float",
];
const TEXTS: [&str; 5] = ["char(10)", "varchar(20)", "varchar(60)", "text", "mediumtext"];
const BYTES: [&str; 4] = ["binary(4)", "varbinary(30)", "blob", "tinyblob"];
const MOMENTS: [&str; 6] = ["date", "time(3)", "datetime", "datetime(6)", "timestamp", "year"];
const CHOICES: [&str; 5] = [
    "enum('a','b')",
    "enum('a','b','c')",
    "enum('x y','it''s','a,b')",
    "set('p','q')",
    "set('p','q','r')",
];
const PLACES: [&str; 3] = ["point", "geometry", "polygon"];
const OTHERS: [&str; 8] = [
    "json",
    "uuid",
    "inet6",
    "inet4",
    "bit(3)",
    "varchar(50) compressed",
    "text compressed",
    "blob compressed",
];

impl Column {
    pub(super) fn draw(world: &mut World, others: &[Self], random: &mut Random) -> Self {
        let name = world.name("c", random);
        let numbers: Vec<&Self> =
            others.iter().filter(|other| other.family == Family::Number).collect();
        if random.chance(12) && !numbers.is_empty() {
            return Self::generated(name, random.pick::<&Self>(&numbers), random);
        }
        let (family, data_type) = drawn_type(random);
        let mut column = Self {
            name,
            family,
            data_type,
            attributes: String::new(),
            uses: Vec::new(),
            sequence: None,
        };
        column.draw_attributes(random);
        if family == Family::Number && random.chance(15) {
            column.take_from(world, random);
        }
        column
    }

    fn generated(name: String, of: &Self, random: &mut Random) -> Self {
        let source = quoted(&of.name);
        let number = random.below(4);
        let (family, data_type, expression) = match random.below(3) {
            0 => (Family::Number, "int", format!("{source} + {number}")),
            1 => (Family::Text, "varchar(40)", format!("concat({source}, 'it''s {number}')")),
            _ => (Family::Number, "bigint", format!("if({source} > {number}, 1, 0)")),
        };
        let kept = word(random, &["virtual", "stored"]);
        Self {
            name,
            family,
            data_type: data_type.to_owned(),
            attributes: format!("as ({expression}) {kept}"),
            uses: vec![of.name.clone()],
            sequence: None,
        }
    }

    /// A default from a sequence.
    fn take_from(&mut self, world: &World, random: &mut Random) {
        let sequences: Vec<&str> = world.sequences().collect();
        if sequences.is_empty() {
            return;
        }
        let name = *random.pick::<&str>(&sequences);
        self.attributes = format!(" default nextval({})", quoted(name));
        self.sequence = Some(name.to_owned());
    }

    /// Other attributes; a generated column stays what it is.
    pub(super) fn draw_attributes(&mut self, random: &mut Random) {
        if !self.uses.is_empty() {
            return;
        }
        self.sequence = None;
        let mut attributes = String::new();
        let required = random.chance(35);
        let default = self.drawn_default(random);
        if required {
            attributes.push_str(" not null");
        } else if self.data_type == "timestamp" {
            attributes.push_str(" null");
        }
        if let Some(default) = &default {
            attributes.push_str(&format!(" default {default}"));
            let moment = default.strip_prefix("current_timestamp");
            if let Some(precision) = moment.filter(|_| random.chance(50)) {
                attributes.push_str(&format!(" on update current_timestamp{precision}"));
            }
        }
        if (!required || default.is_some()) && random.chance(8) {
            attributes.push_str(" invisible");
        }
        if random.chance(15) {
            let comment = word(random, &["plain", "it''s", "back\\\\slash", "ünï ✓", "a;b -- c"]);
            attributes.push_str(&format!(" comment '{comment}'"));
        }
        if random.chance(4) {
            // Looked at only where versions are kept.
            attributes.push_str(" without system versioning");
        }
        if self.family == Family::Number && random.chance(12) {
            let own = quoted(&self.name);
            attributes.push_str(&format!(" check ({own} > {})", random.below(3)));
        }
        self.attributes = attributes;
    }

    fn drawn_default(&self, random: &mut Random) -> Option<String> {
        if random.chance(50) {
            return None;
        }
        let fixed = |text: &str| Some(text.to_owned());
        let one = |random: &mut Random, from: &[&'static str]| Some(word(random, from).to_owned());
        match self.family {
            Family::Number if self.data_type.contains("tinyint") => fixed("1"),
            Family::Number => one(random, &["0", "7", "(1 + 2)", "(abs(-3))"]),
            Family::Text => one(
                random,
                &["''", "'it''s'", "'back\\\\slash'", "(concat('a', 'b'))", "(upper('x'))"],
            ),
            Family::Bytes => one(random, &["'ab'", "x'41'"]),
            Family::Choice => {
                let values = self.data_type.split('(').nth(1)?;
                let first = values.split("',").next()?.trim_end_matches(')');
                Some(format!("{}'", first.trim_end_matches('\'')))
            }
            Family::Moment => match self.data_type.as_str() {
                "datetime" | "timestamp" => fixed("current_timestamp()"),
                "datetime(6)" => fixed("current_timestamp(6)"),
                "date" => one(random, &["'2020-01-02'", "(curdate() + interval 1 day)"]),
                "year" => fixed("2020"),
                _ => fixed("'01:02:03'"),
            },
            Family::Place => None,
            Family::Other => match self.data_type.as_str() {
                "json" => fixed("'{}'"),
                "uuid" => fixed("uuid()"),
                "inet6" => fixed("'::1'"),
                "bit(3)" => fixed("b'101'"),
                _ => None,
            },
        }
    }

    /// It can be in an index, at this length.
    pub(super) fn key_part(&self, random: &mut Random) -> Option<String> {
        let long = ["text", "blob"].iter().any(|word| self.data_type.contains(word));
        let name = quoted(&self.name);
        let down = if random.chance(20) { " desc" } else { "" };
        match self.family {
            Family::Text if long || random.chance(30) => Some(format!("{name}(5)")),
            Family::Bytes if long => Some(format!("{name}(4)")),
            Family::Place | Family::Other => None,
            _ => Some(format!("{name}{down}")),
        }
    }
}

/// Another type.
pub(super) fn drawn_type(random: &mut Random) -> (Family, String) {
    let of = |family: Family, names: &[&'static str], random: &mut Random| {
        (family, word(random, names).to_owned())
    };
    match random.below(16) {
        0..=4 => of(Family::Number, &NUMBERS, random),
        5..=8 => {
            let (family, mut data_type) = of(Family::Text, &TEXTS, random);
            if random.chance(40) {
                data_type.push_str(&format!(" collate {}", word(random, &COLLATIONS)));
            }
            (family, data_type)
        }
        9 => of(Family::Bytes, &BYTES, random),
        10 | 11 => of(Family::Moment, &MOMENTS, random),
        12 | 13 => of(Family::Choice, &CHOICES, random),
        14 => of(Family::Place, &PLACES, random),
        _ => of(Family::Other, &OTHERS, random),
    }
}
