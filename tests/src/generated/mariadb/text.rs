//! The text of what was drawn, without what names something that is not there.

use std::collections::BTreeSet;

use super::column::{Column, Family};
use super::object::{Body, Object};
use super::table::{Key, Partitions, Primary, Reference, Table, Versions};
use super::world::{World, quoted};
use crate::generated::{Schema, Statement};

/// The statements, in an order in which they run.
pub(super) fn schema(world: &World) -> Schema {
    let mut all = Vec::new();
    let mut relations: BTreeSet<&str> = BTreeSet::new();
    for object in &world.objects {
        let Object { name, body } = object;
        let name = quoted(name);
        match body {
            Body::Sequence { sql } => all.push(format!("create sequence {name} {sql}")),
            Body::Event { sql } => all.push(format!("create event {name} {sql}")),
            Body::Routine { kind, sql } => all.push(format!("create {kind} {name}{sql}")),
            _ => {}
        }
    }
    let mut statements: Vec<Statement> = all.drain(..).map(Statement::plain).collect();
    let mut later = Vec::new();
    for table in &world.tables {
        relations.insert(&table.name);
        statements.push(create_table(table, world, &relations, &mut later));
    }
    statements.extend(later.into_iter().map(Statement::plain));
    for object in &world.objects {
        if let Some(sql) = dependent(object, world, &mut relations) {
            statements.push(Statement::plain(sql));
        }
    }
    Schema(statements)
}

fn create_table(
    table: &Table,
    world: &World,
    before: &BTreeSet<&str>,
    later: &mut Vec<String>,
) -> Statement {
    let columns = present(table, world);
    let there = |name: &str| columns.iter().any(|column| column.name == *name);
    let numbered = table.primary == Primary::Numbered && !table.id.contains("char");
    let number = if numbered { " auto_increment" } else { "" };
    let mut items = vec![format!("id {} not null{number}", table.id)];
    items.extend(columns.iter().map(|column| column_text(column)));
    for reference in related(table, world) {
        let parent = world.table(&reference.parent).map_or("int", |parent| parent.id);
        items.push(format!("{} {}", quoted(&reference.column), like(parent, world, reference)));
    }
    let index = if table.primary == Primary::None { "key by_id" } else { "primary key" };
    items.push(format!("{index} (id)"));
    items.extend(periods(table));
    for key in &table.keys {
        let computed = |name: &String| {
            columns.iter().any(|one| one.name == *name && one.attributes.ends_with("virtual"))
        };
        let whole = key
            .parts
            .iter()
            .all(|(column, _)| there(column) && (table.engine == "InnoDB" || !computed(column)));
        let partitioned = table.partitions.is_some() && key.kind != "key";
        if whole && !partitioned && accepted(key, table, &columns) {
            items.push(key_text(key));
        }
    }
    for (name, column, condition) in &table.checks {
        if there(column) {
            items.push(format!("constraint {} check ({condition})", quoted(name)));
        }
    }
    for reference in related(table, world) {
        let text = reference_text(reference);
        match before.contains(reference.parent.as_str()) {
            true => items.push(text),
            false => later.push(format!("alter table {} add {text}", quoted(&table.name))),
        }
    }
    Statement { head: format!("create table {}", quoted(&table.name)), items, tail: tail(table) }
}

/// Columns whose source is there, and is no computed one; and whose sequence is.
fn present<'a>(table: &'a Table, world: &World) -> Vec<&'a Column> {
    let sequence = |name: &String| world.sequences().any(|one| one == name.as_str());
    let source = |name: &String| {
        let plain = |other: &&Column| other.uses.is_empty() && other.sequence.iter().all(sequence);
        table.columns.iter().filter(plain).any(|other| other.name == *name)
    };
    let places = table.engine != "Aria" && table.partitions.is_none();
    let there = |column: &&Column| {
        (column.family != Family::Place || places)
            && column.uses.iter().all(source)
            && column.sequence.iter().all(sequence)
    };
    table.columns.iter().filter(there).collect()
}

fn column_text(column: &Column) -> String {
    let Column { name, data_type, attributes, .. } = column;
    format!(
        "{} {data_type}{}{attributes}",
        quoted(name),
        if attributes.starts_with("as") { " " } else { "" }
    )
}

/// The type of a column that refers to an `id`: with the collation of its table, when it has none.
fn like(id: &str, world: &World, reference: &Reference) -> String {
    let parent = world.table(&reference.parent);
    let collated = id.contains("char") && !id.contains("collate");
    match parent.filter(|_| collated) {
        Some(parent) => format!("{id} collate {}", parent.collation),
        None => id.to_owned(),
    }
}

fn related<'a>(table: &'a Table, world: &'a World) -> impl Iterator<Item = &'a Reference> {
    table.references.iter().filter(|reference| {
        table.relates() && world.table(&reference.parent).is_some_and(Table::relates)
    })
}

fn reference_text(reference: &Reference) -> String {
    let Reference { name, column, parent, actions, bare } = reference;
    let name = if *bare { String::new() } else { format!("constraint {} ", quoted(name)) };
    format!("{name}foreign key ({}) references {} (id){actions}", quoted(column), quoted(parent))
}

/// Columns of periods, and what is said of them.
fn periods(table: &Table) -> Vec<String> {
    let mut items = Vec::new();
    if table.period && table.partitions.is_none() {
        items.push("`from` date not null, `to` date not null, period for valid (`from`, `to`)");
        items.push("unique key `in time` (id, valid without overlaps)");
    }
    if table.versions == Versions::Dated {
        items.push("since timestamp(6) generated always as row start");
        items.push("until timestamp(6) generated always as row end");
        items.push("period for system_time (since, until)");
    }
    items.into_iter().map(str::to_owned).collect()
}

fn accepted(key: &Key, table: &Table, columns: &[&Column]) -> bool {
    let required = |name: &String| {
        let column = columns.iter().find(|column| column.name == *name);
        column.is_some_and(|column| column.attributes.contains("not null"))
    };
    if key.kind == "spatial key" {
        return key.parts.iter().all(|(column, _)| required(column));
    }
    key.kind != "fulltext key" || (table.partitions.is_none() && table.versions == Versions::None)
}

fn key_text(key: &Key) -> String {
    let Key { name, kind, parts, options } = key;
    let parts: Vec<&str> = parts.iter().map(|(_, part)| part.as_str()).collect();
    let options = if kind.ends_with("text key") || *kind == "spatial key" { "" } else { options };
    format!("{kind} {} ({}){options}", quoted(name), parts.join(", "))
}

fn tail(table: &Table) -> String {
    let mut tail = format!(" engine={} collate={}", table.engine, table.collation);
    for (name, value) in &table.options {
        if *name != "page_compressed" || table.engine == "InnoDB" {
            tail.push_str(&format!(" {name}={value}"));
        }
    }
    if table.versions != Versions::None {
        tail.push_str(" with system versioning");
    }
    if let Some(parts) = table.partitions.filter(|_| table.versions == Versions::None) {
        tail.push_str(&partitions(parts, !table.id.contains("char")).unwrap_or_default());
    }
    tail
}

fn partitions(parts: Partitions, numeric: bool) -> Option<String> {
    let listed = |count: u64, text: &dyn Fn(u64) -> String| {
        let parts: Vec<String> =
            (1..=count).map(|at| format!("partition p{at} {}", text(at))).collect();
        parts.join(", ")
    };
    let below = |at: u64| format!("values less than ({})", at * 100);
    Some(match parts {
        Partitions::Key(count) => format!(" partition by key (id) partitions {count}"),
        Partitions::Columns(count) if !numeric => {
            let text = |at: u64| format!("values less than ('{at}''') comment = 'it''s'");
            format!(" partition by range columns (id) ({})", listed(count, &text))
        }
        _ if !numeric => return None,
        Partitions::Hash(count) => format!(" partition by hash (id) partitions {count}"),
        Partitions::Range(count) | Partitions::Columns(count) => {
            format!(" partition by range (id) ({})", listed(count, &below))
        }
        Partitions::Open(count) => {
            let last = "partition `p max` values less than maxvalue";
            format!(" partition by range (id) ({}, {last})", listed(count, &below))
        }
        Partitions::List(count) => {
            let text = |at: u64| format!("values in ({at}, {})", at + 50);
            format!(
                " partition by list (id % 100) subpartition by hash (id) subpartitions 2 ({})",
                listed(count, &text)
            )
        }
    })
}

/// A view or a trigger whose tables and columns are there.
fn dependent<'a>(
    object: &'a Object,
    world: &World,
    relations: &mut BTreeSet<&'a str>,
) -> Option<String> {
    let name = quoted(&object.name);
    let column = |table: &str, column: &str| {
        world
            .table(table)
            .is_some_and(|table| present(table, world).iter().any(|one| one.name == *column))
    };
    match &object.body {
        Body::View { over, uses, header, sql } => {
            let there = over.iter().all(|one| relations.contains(one.as_str()))
                && uses.iter().all(|(table, one)| column(table, one));
            there.then(|| {
                relations.insert(&object.name);
                format!("create {header}view {name} as {sql}")
            })
        }
        Body::Trigger { table, uses, when, sql } => {
            let there = relations.contains(table.as_str())
                && world.table(table).is_some()
                && uses.iter().all(|one| column(table, one));
            let table = quoted(table);
            there.then(|| format!("create trigger {name} {when} on {table} for each row {sql}"))
        }
        _ => None,
    }
}
