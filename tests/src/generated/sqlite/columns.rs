//! Draws tables, columns and constraints.

use super::model::{COLUMNS, Column, Model, Part, TABLES, Table, quoted};
use crate::support::Random;

/// Types of a STRICT table come first; whether a type is for text.
const TYPES: [(&str, bool); 12] = [
    ("INTEGER", false),
    ("INT", false),
    ("TEXT", true),
    ("REAL", false),
    ("BLOB", true),
    ("ANY", true),
    ("VARCHAR(20)", true),
    ("DECIMAL(10, 2)", false),
    ("DATETIME", true),
    ("", true),
    ("DOUBLE PRECISION", false),
    ("unsigned big int", false),
];
const STRICT_TYPES: usize = 6;

const TEXT_DEFAULTS: [&str; 8] = [
    "DEFAULT Key",
    "DEFAULT ''",
    "DEFAULT 'it''s; -- no comment'",
    "DEFAULT NULL",
    "DEFAULT CURRENT_TIMESTAMP",
    "DEFAULT \"loose\"",
    "DEFAULT (lower('X'))",
    "DEFAULT ('y')",
];
const NUMBER_DEFAULTS: [&str; 7] = [
    "DEFAULT 0",
    "DEFAULT -1",
    "DEFAULT (1 + 1)",
    "DEFAULT +7",
    "DEFAULT (-3)",
    "DEFAULT TRUE",
    "DEFAULT (abs(-2))",
];
const CONFLICTS: [&str; 6] =
    ["", "", "", " ON CONFLICT IGNORE", " ON CONFLICT REPLACE", " ON CONFLICT ROLLBACK"];
const ACTIONS: [&str; 5] = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"];
const TIMES: [&str; 4] = [
    " DEFERRABLE INITIALLY DEFERRED",
    " NOT DEFERRABLE",
    " DEFERRABLE",
    " DEFERRABLE INITIALLY IMMEDIATE",
];

impl Model {
    pub(super) fn add_table(&mut self, random: &mut Random) {
        let Some(name) = self.free_name(random, &TABLES) else { return };
        let mut table = Table { name, strict: random.chance(20), ..Table::default() };
        table.draw_key(random);
        for _ in 0..1 + random.below(5) {
            table.add_column(random);
        }
        if table.columns.len() > 1 && random.chance(40) {
            table.add_constraint(random);
        }
        self.tables.push(table);
        let own = self.tables.len() - 1;
        if random.chance(50) {
            self.add_reference(own, random);
        }
    }

    /// A foreign key to some table, its own too.
    pub(super) fn add_reference(&mut self, child: usize, random: &mut Random) {
        let parent = random.pick(&self.tables).clone();
        let table = &self.tables[child];
        let (places, to) = (plain_places(table), random.pick(&parent.plain()).name.clone());
        let at = *random.pick(&places);
        let from = table.columns[at].name.clone();
        let mut tail = format!("REFERENCES {} ({})", quoted(&parent.name), quoted(&to));
        for event in ["DELETE", "UPDATE"] {
            if random.chance(60) {
                tail.push_str(&format!(" ON {event} {}", random.pick(&ACTIONS)));
            }
        }
        if random.chance(30) {
            let time: &&str = random.pick(&TIMES);
            tail.push_str(time);
        }
        let uses = vec![(parent.name.clone(), to)];
        let table = &mut self.tables[child];
        if random.chance(50) {
            table.columns[at].parts.push(Part { sql: tail, uses });
            return;
        }
        let named = if random.chance(40) { "CONSTRAINT \"fk one\" " } else { "" };
        let sql = format!("{named}FOREIGN KEY ({}) {tail}", quoted(&from));
        let uses = uses.into_iter().chain([(table.name.clone(), from)]).collect();
        table.constraints.push(Part { sql, uses });
    }
}

/// Places of columns that hold a value.
fn plain_places(table: &Table) -> Vec<usize> {
    (0..table.columns.len()).filter(|&at| table.columns[at].generated.is_none()).collect()
}

impl Table {
    /// The key, and the columns it needs.
    pub(super) fn draw_key(&mut self, random: &mut Random) {
        match random.below(10) {
            0..=3 => {
                let key = match random.below(4) {
                    0 => "PRIMARY KEY AUTOINCREMENT",
                    1 => "PRIMARY KEY ASC",
                    _ => "PRIMARY KEY",
                };
                self.without_rowid = key == "PRIMARY KEY" && random.chance(15);
                self.push_key("INTEGER", false, key);
            }
            4 => self.push_key("INTEGER", false, "PRIMARY KEY DESC"),
            5..=6 => {
                self.push_key("TEXT", true, "PRIMARY KEY NOT NULL");
                self.without_rowid = random.chance(40);
            }
            7 => {
                for (name, type_name) in [("id", "INT"), ("code", "TEXT")] {
                    self.columns.push(Column {
                        name: name.to_owned(),
                        type_name: type_name.to_owned(),
                        text: type_name == "TEXT",
                        ..Column::default()
                    });
                }
                let sql = "PRIMARY KEY (\"id\", \"code\" COLLATE NOCASE DESC)".to_owned();
                let uses = self.uses(&self.columns.iter().collect::<Vec<_>>());
                self.constraints.push(Part { sql, uses });
                self.without_rowid = random.chance(40);
            }
            _ => {}
        }
    }

    fn push_key(&mut self, type_name: &str, text: bool, key: &str) {
        let (type_name, key) = (type_name.to_owned(), Some(key.to_owned()));
        let column = Column { name: "id".to_owned(), type_name, text, key, ..Column::default() };
        self.columns.insert(0, column);
    }

    pub(super) fn add_column(&mut self, random: &mut Random) {
        let taken =
            |name: &str| self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let free: Vec<&&str> = COLUMNS.iter().filter(|name| !taken(name)).collect();
        if free.is_empty() {
            return;
        }
        let name = (**random.pick(&free)).to_owned();
        let types = if self.strict { &TYPES[..STRICT_TYPES] } else { &TYPES[..] };
        let (type_name, text) = *random.pick(types);
        let type_name = if type_name == "ANY" && !self.strict { "" } else { type_name };
        let mut column =
            Column { name, type_name: type_name.to_owned(), text, ..Column::default() };
        let others = self.plain();
        if !others.is_empty() && random.chance(15) {
            let other = *random.pick(&others);
            column.generated = Some(self.computed(other, random));
        }
        column.draw_parts(self, random);
        let at = random.index(self.columns.len() + 1);
        self.columns.insert(at, column);
    }

    fn computed(&self, other: &Column, random: &mut Random) -> Part {
        let value = match other.text {
            true => format!("lower({})", quoted(&other.name)),
            false => format!("{} * 2", quoted(&other.name)),
        };
        let words = *random.pick(&["GENERATED ALWAYS AS", "AS"]);
        let kept = *random.pick(&["", " VIRTUAL", " STORED"]);
        Part { sql: format!("{words} ({value}){kept}"), uses: self.uses(&[other]) }
    }

    pub(super) fn add_constraint(&mut self, random: &mut Random) {
        let plain = self.plain();
        let a = *random.pick(&plain);
        let b = *random.pick(&plain);
        let (x, y) = (quoted(&a.name), quoted(&b.name));
        // Two keys over one column must not disagree.
        let settled = self.constraints.iter().any(|part| part.sql.contains("UNIQUE"));
        let conflict = if settled { "" } else { *random.pick(&CONFLICTS) };
        let sql = match random.below(4) {
            0 if a.name != b.name => format!("UNIQUE ({x}, {y} DESC){conflict}"),
            0 | 1 => format!("CONSTRAINT \"Big one\" UNIQUE ({x} COLLATE RTRIM){conflict}"),
            2 => format!("CHECK ({x} IS NOT NULL OR {y} IS NULL)"),
            _ => format!("CONSTRAINT sane CHECK (coalesce({x}, {y}, '') <> '-- no')"),
        };
        self.constraints.push(Part { sql, uses: self.uses(&[a, b]) });
    }
}

impl Column {
    pub(super) fn draw_parts(&mut self, table: &Table, random: &mut Random) {
        self.parts.clear();
        let own = vec![(table.name.clone(), self.name.clone())];
        let mut push = |sql: String| self.parts.push(Part { sql, uses: own.clone() });
        let name = quoted(&self.name);
        if random.chance(25) {
            push("COLLATE NOCASE".to_owned());
        }
        let defaults: &[&str] = if self.text { &TEXT_DEFAULTS } else { &NUMBER_DEFAULTS };
        let default = random.chance(50) && self.generated.is_none() && self.key.is_none();
        if default {
            push((*random.pick(defaults)).to_owned());
        }
        if random.chance(if default { 50 } else { 20 }) && self.key.is_none() {
            push(format!("NOT NULL{}", random.pick(&CONFLICTS)));
        }
        if random.chance(10) && self.key.is_none() {
            push(format!("UNIQUE{}", random.pick(&CONFLICTS)));
        }
        if random.chance(20) {
            let named = if random.chance(40) { "CONSTRAINT \"Is Ok\" " } else { "" };
            let sql = match self.text {
                true => format!("{named}CHECK (length({name}) < 500 AND {name} <> 'a ''b'', c')"),
                false => format!("{named}CHECK ({name} >= -5 AND {name} NOT IN (13, 99))"),
            };
            push(sql);
        }
    }
}
