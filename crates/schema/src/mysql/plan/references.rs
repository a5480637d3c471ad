//! Foreign keys: which go before tables change, which come after.
//!
//! The server changes no column that a foreign key uses (1832, 1833), and drops and adds none of
//! one name in one statement (1005), so those go first and come back last.

use std::collections::BTreeSet;

use super::matched::matched;
use super::tables::name_set;
use crate::mysql::model::same_name;
use crate::mysql::{Catalog, Column, ForeignKey, Key, Server, Table, hazards, write};
use crate::{Graph, Step};

/// A table's name and one of its foreign keys.
type Owned<'a> = (&'a str, &'a ForeignKey);

/// The foreign keys that a plan touches.
pub(super) struct References<'a> {
    drops: Vec<Owned<'a>>,
    adds: Vec<Owned<'a>>,
    /// Written in `CREATE TABLE`: the table referred to is there before.
    pub(super) inline: Vec<Owned<'a>>,
    /// Not changed: dropped and added since a column of theirs is.
    again: BTreeSet<&'a str>,
}

impl<'a> References<'a> {
    pub(super) fn of(from: &'a Catalog, to: &'a Catalog) -> Self {
        let tables = matched(&from.tables, &to.tables, |table| &table.name);
        let gone = name_set(&tables.gone);
        let mut found = Self {
            drops: Vec::new(),
            adds: Vec::new(),
            inline: Vec::new(),
            again: BTreeSet::new(),
        };
        for (before, after) in &tables.both {
            let keys = matched(&before.foreign_keys, &after.foreign_keys, |key| &key.name);
            found.drops.extend(keys.gone.iter().map(|key| (before.name.as_str(), *key)));
            found.adds.extend(keys.new.iter().map(|key| (after.name.as_str(), *key)));
            for (old, new) in keys.both {
                if old == new && !in_the_way(old, before, after, from, to) {
                    continue;
                }
                if old == new {
                    found.again.insert(&new.name);
                }
                found.drops.push((before.name.as_str(), old));
                found.adds.push((after.name.as_str(), new));
            }
        }
        found.drops.extend(circular(&tables.gone, &gone));
        found.place_new(&tables.new, from);
        found
    }

    /// Foreign keys of new tables: in the table's own statement, or after all tables.
    fn place_new(&mut self, new: &[&'a Table], from: &Catalog) {
        let mut there: BTreeSet<&str> = from.tables.iter().map(|t| t.name.as_str()).collect();
        let new_names = name_set(new);
        there.retain(|name| !new_names.contains(name));
        for name in Self::order(new) {
            let Some(table) = new.iter().find(|table| table.name == name) else { continue };
            there.insert(&table.name);
            for key in &table.foreign_keys {
                let ready = key.schema.is_some() || there.contains(key.table.as_str());
                let list = if ready { &mut self.inline } else { &mut self.adds };
                list.push((&table.name, key));
            }
        }
    }

    /// New tables, those that are referred to first; in a circle by name.
    pub(super) fn order(new: &[&Table]) -> Vec<String> {
        let mut graph = Graph::default();
        new.iter().for_each(|table| graph.node(table.name.clone()));
        for table in new {
            for key in table.foreign_keys.iter().filter(|key| key.schema.is_none()) {
                graph.edge(&table.name, key.table.clone());
            }
        }
        graph.order().unwrap_or_else(|cycle| {
            let names = new.iter().map(|table| table.name.clone());
            let (mut first, last): (Vec<_>, Vec<_>) =
                names.partition(|name| !cycle.0.contains(name));
            first.extend(last);
            first
        })
    }

    /// One statement a table.
    pub(super) fn dropped(&self) -> Vec<Step> {
        let clause = |key: &ForeignKey| format!("DROP FOREIGN KEY {}", write::name(&key.name));
        by_table(&self.drops)
            .into_iter()
            .map(|(table, keys)| {
                let clauses: Vec<String> = keys.iter().map(|key| clause(key)).collect();
                Step::new(write::alter_table(table, &clauses))
            })
            .collect()
    }

    /// One statement a table.
    pub(super) fn added(&self, from: &Catalog, to: &Catalog, server: Server) -> Vec<Step> {
        let clause = |key: &&ForeignKey| format!("ADD {}", write::foreign_key(key));
        let mut steps = Vec::new();
        for (table, keys) in by_table(&self.adds) {
            let mut clauses = kept_keys(from.table(table), to.table(table), &keys, server);
            clauses.extend(keys.iter().map(clause));
            let mut step = Step::new(write::alter_table(table, &clauses));
            for key in &keys {
                let again = self.again.contains(key.name.as_str());
                step.hazards.extend(hazards::foreign_key_added(from, table, key, again));
            }
            steps.push(step);
        }
        steps
    }
}

/// Indexes that the server would take away for the one it makes for a new foreign key.
fn kept_keys(
    from: Option<&Table>,
    to: Option<&Table>,
    keys: &[&ForeignKey],
    server: Server,
) -> Vec<String> {
    let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
    let vanishes = |own: &&Key| keys.iter().any(|key| own.may_vanish(&key.columns));
    let old = to.keys.iter().filter(|key| from.keys.contains(key)).filter(vanishes);
    old.flat_map(|key| {
        let drop = format!("DROP KEY {}", write::name(&key.name));
        [drop, format!("ADD {}", write::key(key, server))]
    })
    .collect()
}

fn by_table<'a>(keys: &[Owned<'a>]) -> Vec<(&'a str, Vec<&'a ForeignKey>)> {
    let mut all: Vec<(&str, Vec<&ForeignKey>)> = Vec::new();
    for (table, key) in keys {
        match all.iter_mut().find(|(name, _)| name == table) {
            Some((_, keys)) => keys.push(key),
            None => all.push((table, vec![key])),
        }
    }
    all
}

/// A column on one of its sides changes, or the table referred to is another one of that name.
fn in_the_way(
    key: &ForeignKey,
    before: &Table,
    after: &Table,
    from: &Catalog,
    to: &Catalog,
) -> bool {
    if key.columns.iter().any(|column| changes(before, after, column)) {
        return true;
    }
    if key.schema.is_some() {
        return false;
    }
    match (from.table(&key.table), to.table(&key.table)) {
        (Some(before), Some(after)) => {
            key.referenced.iter().any(|column| changes(before, after, column))
                || before.options.get("ENGINE") != after.options.get("ENGINE")
        }
        _ => true,
    }
}

fn changes(before: &Table, after: &Table, column: &str) -> bool {
    let shape = |column: &Column| {
        (
            column.data_type.clone(),
            column.collation.clone(),
            column.nullable,
            column.generated,
            column.auto_increment,
        )
    };
    match (before.column(column), after.column(column)) {
        (Some(before), Some(after)) => {
            shape(before) != shape(after) || !same_name(&before.name, &after.name)
        }
        _ => true,
    }
}

/// Foreign keys among dropped tables that need each other.
fn circular<'a>(tables: &[&'a Table], gone: &BTreeSet<&str>) -> Vec<Owned<'a>> {
    let mut graph = Graph::default();
    tables.iter().for_each(|table| graph.node(table.name.clone()));
    for table in tables {
        for key in table.foreign_keys.iter().filter(|key| key.schema.is_none()) {
            graph.edge(&table.name, key.table.clone());
        }
    }
    let Err(cycle) = graph.order() else { return Vec::new() };
    let among = |key: &&ForeignKey, table: &Table| {
        key.schema.is_none()
            && key.table != table.name
            && gone.contains(key.table.as_str())
            && cycle.0.contains(&key.table)
    };
    let in_cycle = tables.iter().filter(|table| cycle.0.contains(&table.name));
    in_cycle
        .flat_map(|table| {
            let keys = table.foreign_keys.iter().filter(|key| among(key, table));
            keys.map(|key| (table.name.as_str(), key))
        })
        .collect()
}
