//! The text of what was drawn, without what needs something that is not there.

use std::collections::BTreeSet;

use super::constraint::{Constraint, key_of};
use super::table::Table;
use super::thing::{Part, column_of};
use super::world::World;
use crate::generated::{Schema, Statement};

/// What was written.
#[derive(Default)]
struct Written {
    statements: Vec<Statement>,
    /// Constraints that refer to other tables come last.
    later: Vec<(Vec<String>, String)>,
    there: BTreeSet<String>,
}

/// The statements, in an order in which they run.
pub(super) fn schema(world: &World) -> Schema {
    let mut written = Written::default();
    for part in &world.parts {
        match part {
            Part::Table(table) => written.table(table),
            Part::Thing(thing) => {
                if written.has(&thing.needs) {
                    written.there.insert(thing.name.clone());
                    let columns = thing.columns.iter();
                    written.there.extend(columns.map(|(column, _)| column_of(&thing.name, column)));
                    written.statements.extend(thing.sql.iter().map(Statement::plain));
                }
            }
        }
    }
    for (needs, sql) in std::mem::take(&mut written.later) {
        if written.has(&needs) {
            written.statements.push(Statement::plain(sql));
        }
    }
    Schema(written.statements)
}

impl Written {
    fn has(&self, needs: &[String]) -> bool {
        needs.iter().all(|need| self.there.contains(need))
    }

    fn table(&mut self, table: &Table) {
        let name = &table.name;
        if !self.has(&table.needs) {
            return;
        }
        let (items, tail) = match &table.of {
            Some((parent, _)) if !self.there.contains(parent) => return,
            Some((parent, bound)) => {
                (Vec::new(), format!(" PARTITION OF {parent} {bound}{}", table.options))
            }
            None => {
                let by = table.partitions.map_or("", |_| " PARTITION BY RANGE (id)");
                (self.items(table), format!("{by}{}", table.options))
            }
        };
        self.there.extend([name.clone(), column_of(name, "id")]);
        let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
        let head = format!("CREATE {unlogged}TABLE {name}");
        self.statements.push(match items.is_empty() {
            true => Statement::plain(format!("{head}{tail}")),
            false => Statement { head, items, tail },
        });
        self.after(table);
    }

    /// Columns and constraints whose needs are met; the columns are there from then on.
    fn items(&mut self, table: &Table) -> Vec<String> {
        let name = &table.name;
        self.there.insert(column_of(name, "id"));
        let mut items = vec!["id bigint NOT NULL".to_owned()];
        for column in &table.columns {
            let source = column.from.as_ref().map(|source| column_of(name, source));
            if !self.has(&column.needs) || source.is_some_and(|one| !self.there.contains(&one)) {
                continue;
            }
            let mut column = column.clone();
            if !self.has(&column.value_needs) {
                column.value = String::new();
            }
            self.there.insert(column_of(name, &column.name));
            items.push(column.text());
        }
        if !table.key.is_empty() {
            self.there.insert(key_of(name));
            items.push(table.key.to_owned());
        }
        for constraint in &table.constraints {
            let Constraint { name: own, columns, needs, text, later } = constraint;
            let mut needs = needs.clone();
            needs.extend(columns.iter().map(|column| column_of(name, column)));
            if *later {
                self.later.push((needs, format!("ALTER TABLE {name} ADD CONSTRAINT {own} {text}")));
            } else if self.has(&needs) {
                items.push(format!("CONSTRAINT {own} {text}"));
            }
        }
        items
    }

    /// What comes after CREATE TABLE.
    fn after(&mut self, table: &Table) {
        let name = &table.name;
        let mut sql = Vec::new();
        for column in &table.columns {
            if !self.there.contains(&column_of(name, &column.name)) {
                continue;
            }
            let setting =
                |one: &&str| format!("ALTER TABLE {name} ALTER COLUMN {} {one}", column.name);
            sql.extend(column.settings.iter().map(setting));
            let comment = column.comment.map(|number| {
                format!("COMMENT ON COLUMN {name}.{} IS 'it''s {number}'", column.name)
            });
            sql.extend(comment);
        }
        sql.extend(table.settings.iter().map(|one| format!("ALTER TABLE {name} {one}")));
        sql.extend(table.comment.map(|one| format!("COMMENT ON TABLE {name} IS 'a {one}'")));
        if !table.grant.is_empty() {
            sql.push(format!("GRANT {} ON {name} TO pg_monitor", table.grant));
        }
        self.statements.extend(sql.into_iter().map(Statement::plain));
    }
}
