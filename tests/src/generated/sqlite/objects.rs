//! Draws indexes, views, triggers and virtual tables.

use super::model::{Column, Model, Named, Part, TABLES, Table, quoted};
use crate::support::Random;

const INDEXES: [&str; 6] = ["idx_a", "idx_b", "By Name", "users_idx", "Idx_C", "log"];
const TRIGGERS: [&str; 4] = ["trg_a", "On Change", "users", "trg_b"];
const VIRTUAL: [&str; 3] = ["search", "boxes", "Docs"];

impl Model {
    pub(super) fn add_index(&mut self, random: &mut Random) {
        let Some(name) = self.free_name(random, &INDEXES) else { return };
        if self.tables.is_empty() {
            return;
        }
        let table = random.pick(&self.tables);
        let columns: Vec<&Column> = table.columns.iter().collect();
        let first = *random.pick(&columns);
        let second = *random.pick(&columns);
        let mut parts = vec![index_part(first, random)];
        if first.name != second.name && random.chance(50) {
            parts.push(index_part(second, random));
        }
        let unique = if random.chance(20) { "UNIQUE " } else { "" };
        let condition = match random.below(6) {
            0 => format!(" WHERE {} IS NOT NULL", quoted(&second.name)),
            1 => format!(" WHERE {} <> 'x, y'", quoted(&first.name)),
            2 if random.chance(30) => format!(" WHERE {} <> \"loose\"", quoted(&first.name)),
            _ => String::new(),
        };
        let sql = format!(
            "CREATE {unique}INDEX {} ON {} ({}){condition}",
            quoted(&name),
            quoted(&table.name),
            parts.join(", ")
        );
        let part = Part { sql, uses: table.uses(&[first, second]) };
        self.indexes.push(Named { name, part });
    }

    pub(super) fn add_view(&mut self, random: &mut Random) {
        let Some(name) = self.free_name(random, &TABLES) else { return };
        if self.tables.is_empty() {
            return;
        }
        let table = random.pick(&self.tables);
        let other = random.pick(&self.tables);
        let column = random.pick(&table.columns);
        let (t, c, v) = (quoted(&table.name), quoted(&column.name), quoted(&name));
        let mut uses = table.uses(&[column]);
        let sql = match random.below(7) {
            0 => format!("CREATE VIEW {v} AS SELECT * FROM {t}"),
            1 => {
                format!("CREATE VIEW {v} AS SELECT {c} AS \"Name\", 1+1 FROM {t} WHERE {c} > 'a;b'")
            }
            2 => format!("CREATE VIEW {v} AS SELECT count(*), max({c}) FROM {t} GROUP BY {c}"),
            3 => format!("CREATE VIEW {v} (\"one\", two) AS SELECT {c}, 'x' FROM {t} ORDER BY 1"),
            4 => {
                let b = random.pick(&other.columns);
                uses.extend(other.uses(&[b]));
                let (u, b) = (quoted(&other.name), quoted(&b.name));
                format!(
                    "CREATE VIEW {v} AS SELECT l.{c}, r.{b} FROM {t} AS l LEFT JOIN {u} AS r ON l.{c} = r.{b}"
                )
            }
            5 if !self.views.is_empty() => {
                let below = random.pick(&self.views);
                uses.push((below.name.clone(), String::new()));
                format!("CREATE VIEW {v} AS SELECT b.* FROM {} AS b, {t}", quoted(&below.name))
            }
            _ => format!(
                "CREATE VIEW {v} AS WITH few AS (SELECT {c} AS k FROM {t}) SELECT k FROM few"
            ),
        };
        self.views.push(Named { name, part: Part { sql, uses } });
    }

    pub(super) fn add_trigger(&mut self, random: &mut Random) {
        let taken = |name: &str| self.triggers.iter().any(|trigger| trigger.name == name);
        let free: Vec<&&str> = TRIGGERS.iter().filter(|name| !taken(name)).collect();
        if free.is_empty() || self.tables.is_empty() {
            return;
        }
        let name = (**random.pick(&free)).to_owned();
        let table = random.pick(&self.tables);
        let column = random.pick(&table.columns);
        let mut uses = table.uses(&[column]);
        let (body, used) = self.body(table, column, random);
        uses.extend(used);
        let (t, c) = (quoted(&table.name), quoted(&column.name));
        let head = match random.below(5) {
            0 => format!("AFTER UPDATE OF {c} ON {t} FOR EACH ROW WHEN OLD.{c} IS NOT NEW.{c}"),
            1 => format!("BEFORE UPDATE ON {t}"),
            2 if !self.views.is_empty() => {
                let view = random.pick(&self.views);
                uses.push((view.name.clone(), String::new()));
                let sql = format!(
                    "CREATE TRIGGER {} INSTEAD OF DELETE ON {} BEGIN SELECT RAISE(FAIL, 'END; no'); END",
                    quoted(&name),
                    quoted(&view.name)
                );
                self.triggers.push(Named { name, part: Part { sql, uses } });
                return;
            }
            _ => format!("AFTER UPDATE ON {t} WHEN NEW.{c} > 1000"),
        };
        let sql = format!("CREATE TRIGGER {} {head} BEGIN {body} END", quoted(&name));
        self.triggers.push(Named { name, part: Part { sql, uses } });
    }

    /// What a trigger does, mostly to some other table.
    fn body(
        &self,
        table: &Table,
        column: &Column,
        random: &mut Random,
    ) -> (String, Vec<(String, String)>) {
        let other = random.pick(&self.tables);
        let target = *random.pick(&other.plain());
        let (u, d, c) = (quoted(&other.name), quoted(&target.name), quoted(&column.name));
        let _ = table;
        let body = match random.below(4) {
            0 => format!("INSERT OR IGNORE INTO {u} ({d}) VALUES (NEW.{c});"),
            1 => format!("UPDATE {u} SET {d} = {d} WHERE {d} = OLD.{c}; SELECT 'x; y';"),
            2 => format!("DELETE FROM {u} WHERE {d} = CASE WHEN OLD.{c} > 1 THEN 2 ELSE 3 END;"),
            _ => "SELECT RAISE(IGNORE) WHERE 1 = 0;".to_owned(),
        };
        (body, other.uses(&[target]))
    }

    pub(super) fn add_virtual(&mut self, random: &mut Random) {
        let Some(name) = self.free_name(random, &VIRTUAL) else { return };
        if self.tables.is_empty() {
            return;
        }
        let quoted_name = quoted(&name);
        let mut uses = Vec::new();
        let arguments = match random.below(5) {
            0 => "fts5(title, body)".to_owned(),
            1 => "fts5(title, body UNINDEXED, tokenize = 'porter unicode61')".to_owned(),
            2 => "rtree(id, minX, maxX, minY, maxY)".to_owned(),
            3 => "fts4(title, body, tags)".to_owned(),
            _ => {
                let table = random.pick(&self.tables);
                let column = random.pick(&table.columns);
                uses = table.uses(&[column]);
                let (t, c) = (quoted(&table.name), quoted(&column.name));
                format!("fts5({c}, content={t})")
            }
        };
        let reserved = arguments.contains("\"rowid\"") || arguments.contains("\"rank\"");
        if reserved {
            return;
        }
        let sql = format!("CREATE VIRTUAL TABLE {quoted_name} USING {arguments}");
        self.virtual_tables.push(Named { name, part: Part { sql, uses } });
    }
}

fn index_part(column: &Column, random: &mut Random) -> String {
    let name = quoted(&column.name);
    match random.below(7) {
        0 => format!("{name} DESC"),
        1 => format!("{name} COLLATE NOCASE"),
        2 => format!("lower({name})"),
        3 => format!("{name} || ' (x)' COLLATE RTRIM ASC"),
        _ => name,
    }
}
