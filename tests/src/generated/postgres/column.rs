//! Columns, and what can be said with one.

use super::thing::Kind;
use super::world::{World, word};
use crate::support::Random;

/// Types between which a column can change, and with which the same expressions work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Number,
    Text,
    Time,
    Flag,
    Json,
    Words,
    /// An enum, a composite or a range type: nothing can be said but that it is there.
    Other,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) family: Family,
    pub(super) data_type: String,
    pub(super) needs: Vec<String>,
    /// ` DEFAULT …`, ` GENERATED …`, and what it needs.
    pub(super) value: String,
    pub(super) value_needs: Vec<String>,
    /// A column of the same table that it is computed from.
    pub(super) from: Option<String>,
    pub(super) not_null: bool,
    pub(super) collation: &'static str,
    /// After ALTER COLUMN, with its name.
    pub(super) settings: Vec<&'static str>,
    pub(super) comment: Option<u64>,
}

const NUMBERS: [&str; 6] = ["integer", "bigint", "smallint", "numeric", "numeric(12,2)", "real"];
const TEXTS: [&str; 4] = ["text", "varchar(200)", "varchar", "char(7)"];
const TIMES: [&str; 4] = ["timestamptz", "date", "timestamp", "timestamptz(3)"];

impl Column {
    pub(super) fn draw(world: &mut World, columns: &[Self], random: &mut Random) -> Self {
        let name = world.word("c", random);
        let mut column = Self {
            name,
            family: Family::Other,
            data_type: String::new(),
            needs: Vec::new(),
            value: String::new(),
            value_needs: Vec::new(),
            from: None,
            not_null: false,
            collation: "",
            settings: Vec::new(),
            comment: None,
        };
        let computable = |one: &&Self| one.from.is_none() && one.family == Family::Number;
        let sources: Vec<&Self> = columns.iter().filter(computable).collect();
        if random.chance(8) && !sources.is_empty() {
            let source = random.pick(&sources).name.clone();
            column.family = Family::Number;
            column.data_type = "numeric".to_owned();
            column.value = format!(" GENERATED ALWAYS AS ({source} * {}) STORED", random.below(4));
            column.from = Some(source);
            return column;
        }
        column.draw_type(world, random);
        column.draw_attributes(world, random);
        column
    }

    fn draw_type(&mut self, world: &World, random: &mut Random) {
        let own = world.things(|kind| {
            matches!(kind, Kind::Enum(_) | Kind::Domain(_) | Kind::Composite | Kind::Range)
        });
        if random.chance(30) && !own.is_empty() {
            let own = random.pick(&own);
            self.family = match own.kind {
                Kind::Domain(family) => family,
                _ => Family::Other,
            };
            let array = self.family == Family::Other && random.chance(20);
            self.data_type = format!("{}{}", own.name, if array { "[]" } else { "" });
            self.needs = vec![own.name.clone()];
            return;
        }
        let families =
            [Family::Number, Family::Text, Family::Time, Family::Flag, Family::Json, Family::Words];
        self.family = *random.pick(&families);
        self.data_type = drawn_type(self.family, random).to_owned();
        if self.family == Family::Text && world.thing("citext").is_some() && random.chance(30) {
            self.data_type = "citext".to_owned();
            self.needs = vec!["citext".to_owned()];
        }
    }

    /// Another type of its family.
    pub(super) fn retype(&mut self, random: &mut Random) {
        if self.needs.is_empty() && self.from.is_none() && self.family != Family::Other {
            self.data_type = drawn_type(self.family, random).to_owned();
            if self.value.contains("IDENTITY") || self.value.contains("nextval") {
                self.data_type = "bigint".to_owned();
            }
            self.collation = "";
        }
    }

    /// Everything but name and type.
    pub(super) fn draw_attributes(&mut self, world: &World, random: &mut Random) {
        if self.from.is_some() {
            return;
        }
        self.not_null = random.chance(30);
        (self.value, self.value_needs) = self.drawn_value(world, random);
        self.not_null |= self.value.contains("IDENTITY");
        let text = self.family == Family::Text && self.needs.is_empty();
        self.collation = if text && random.chance(10) { " COLLATE \"C\"" } else { "" };
        self.settings.clear();
        if random.chance(10) {
            let more = matches!(self.family, Family::Text | Family::Json | Family::Words);
            let all = ["SET STATISTICS 100", "SET (n_distinct = 5)", "SET STORAGE EXTERNAL"];
            self.settings.push(word(random, &all[..if more { 3 } else { 2 }]));
        }
        self.comment = random.chance(10).then(|| random.below(3));
    }

    fn drawn_value(&self, world: &World, random: &mut Random) -> (String, Vec<String>) {
        if !random.chance(35) {
            return Default::default();
        }
        let number = random.below(10);
        if self.data_type == "bigint" && random.chance(40) {
            let how = word(random, &["ALWAYS", "BY DEFAULT"]);
            let options = word(random, &["", " (START WITH 100 INCREMENT BY 5)", " (CACHE 7)"]);
            return (format!(" GENERATED {how} AS IDENTITY{options}"), Vec::new());
        }
        let (sequences, functions) = (
            world.things(|kind| *kind == Kind::Sequence),
            world.things(|kind| *kind == Kind::Number),
        );
        let text = match self.family {
            Family::Number if random.chance(30) && !sequences.is_empty() => {
                let name = &random.pick(&sequences).name;
                let literal = name.replace('\'', "''");
                return (format!(" DEFAULT nextval('{literal}')"), vec![name.clone()]);
            }
            Family::Number if random.chance(30) && !functions.is_empty() => {
                let name = &random.pick(&functions).name;
                return (format!(" DEFAULT {name}({number})"), vec![name.clone()]);
            }
            Family::Number => format!("{number}"),
            Family::Text => format!("'it''s {number}'"),
            Family::Time => "now()".to_owned(),
            Family::Flag => "false".to_owned(),
            Family::Json => "'{\"a\": [1]}'".to_owned(),
            Family::Words => "ARRAY['a']::text[]".to_owned(),
            Family::Other => "NULL".to_owned(),
        };
        (format!(" DEFAULT {text}"), Vec::new())
    }

    pub(super) fn text(&self) -> String {
        let not_null = if self.not_null { " NOT NULL" } else { "" };
        format!("{} {}{}{}{not_null}", self.name, self.data_type, self.collation, self.value)
    }
}

fn drawn_type(family: Family, random: &mut Random) -> &'static str {
    match family {
        Family::Number => word(random, &NUMBERS),
        Family::Text => word(random, &TEXTS),
        Family::Time => word(random, &TIMES),
        Family::Flag => "boolean",
        Family::Json => "jsonb",
        Family::Words => "text[]",
        Family::Other => "point",
    }
}

/// A condition on a column.
pub(super) fn condition(column: &str, family: Family, random: &mut Random) -> String {
    let number = random.below(9);
    match family {
        Family::Number if random.chance(30) => format!("{column} IN (1, {number}, 3)"),
        Family::Number => format!("{column} > {number}"),
        Family::Text if random.chance(50) => format!("{column} IN ('a', 'b{number}')"),
        Family::Text => format!("length({column}) < {number} OR {column} LIKE 'x%'"),
        Family::Time => format!("{column} > '2020-01-0{}'", number + 1),
        Family::Flag => format!("NOT {column}"),
        Family::Json => format!("{column} ->> 'a' = '{number}'"),
        Family::Words => format!("'a{number}' = ANY ({column})"),
        Family::Other => format!("{column} IS NOT NULL"),
    }
}

/// An expression with a column, and what it is.
pub(super) fn expression(column: &str, family: Family, random: &mut Random) -> (String, Family) {
    let number = random.below(9);
    match family {
        Family::Number => (format!("{column} + {number}"), Family::Number),
        Family::Text if random.chance(50) => (format!("lower({column})"), Family::Text),
        Family::Text => (format!("coalesce({column}, 'x') || 'é'"), Family::Text),
        Family::Time => (format!("{column} - interval '{number} day'"), Family::Time),
        Family::Flag => (format!("CASE WHEN {column} THEN {number} ELSE -1 END"), Family::Number),
        Family::Json => (format!("{column} -> 'a'"), Family::Json),
        Family::Words => (format!("{column}[{}]", number + 1), Family::Text),
        Family::Other => (column.to_owned(), Family::Other),
    }
}
