//! The rows of a database, and what of them is gone after a change.

use std::collections::BTreeMap;

use xtask_db_schema::Catalog;
use xtask_db_schema::sqlite::{self, Column, Table};
use xtask_db_sql::{Dialect, ident};

use crate::support::Database;

/// Names of the rowid; columns are drawn that are called `rowid`.
const ROWID: [&str; 2] = ["_rowid_", "oid"];

/// Rows by table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rows {
    tables: BTreeMap<String, Vec<Row>>,
    /// Where `AUTOINCREMENT` is, by table.
    counters: BTreeMap<String, String>,
}

/// A row, its values as SQL by folded column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    rowid: Option<String>,
    values: BTreeMap<String, String>,
}

impl Rows {
    pub(super) fn of(database: &Database, catalog: &Catalog) -> Self {
        let catalog = sqlite(catalog);
        let mut tables = BTreeMap::new();
        for table in &catalog.tables {
            let columns: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
            tables.insert(fold(&table.name), read(database, &table.name, rowid(table), &columns));
        }
        for table in &catalog.virtual_tables {
            // What is read through `content=` is another table's.
            if !table.sql.contains("content=") {
                let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
                tables.insert(fold(&table.name), read(database, &table.name, None, &columns));
            }
        }
        let counts = catalog.tables.iter().any(Table::autoincrement);
        let sql = "SELECT lower(name), seq FROM sqlite_sequence";
        let rows = if counts { database.rows(sql) } else { Vec::new() };
        let pair = |row: Vec<Option<String>>| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            Some((row.next()?, row.next()?))
        };
        Self { tables, counters: rows.into_iter().filter_map(pair).collect() }
    }

    /// What is not as before, of that which both schemas have.
    pub(super) fn lost(&self, after: &Self, from: &Catalog, to: &Catalog) -> Vec<String> {
        let (from, to) = (sqlite(from), sqlite(to));
        let mut lost = Vec::new();
        for (name, rows) in &self.tables {
            let Some(now) = after.tables.get(name) else { continue };
            if rows.len() != now.len() {
                lost.push(format!("{name} had {} rows and has {}", rows.len(), now.len()));
            }
            let kept = kept(from, to, name);
            let (was, is) = (only(rows, now, &kept), only(now, rows, &kept));
            let retyped = retyped(from, to, name);
            let (was, is) = (spelled(was, &retyped), spelled(is, &retyped));
            if was != is {
                lost.push(format!("{name} was\n{was:?}\nand is\n{is:?}"));
            }
        }
        for (name, was) in &self.counters {
            let counts =
                |catalog: &sqlite::Catalog| catalog.table(name).is_some_and(Table::autoincrement);
            let is = after.counters.get(name);
            if counts(from) && counts(to) && is != Some(was) {
                lost.push(format!("the counter of {name} was {was} and is {is:?}"));
            }
        }
        lost
    }
}

/// The rows with these columns, and with the rowids where both sides have them.
fn only(rows: &[Row], others: &[Row], columns: &[String]) -> Vec<Row> {
    let rowids = rows.iter().chain(others).all(|row| row.rowid.is_some());
    let cut = |row: &Row| Row {
        rowid: row.rowid.clone().filter(|_| rowids),
        values: columns
            .iter()
            .filter_map(|column| Some((column.clone(), row.values.get(column)?.clone())))
            .collect(),
    };
    let mut rows: Vec<Row> = rows.iter().map(cut).collect();
    rows.sort();
    rows
}

/// Columns that both have, and whose values nothing computes, folded.
fn kept(from: &sqlite::Catalog, to: &sqlite::Catalog, name: &str) -> Vec<String> {
    let plain = |catalog: &sqlite::Catalog| -> Vec<String> {
        let table = catalog.table(name).map(|table| {
            let plain = table.columns.iter().filter(|column| column.generated.is_none());
            plain.map(|column| fold(&column.name)).collect()
        });
        let columns = || catalog.virtual_table(name).map(|table| &table.columns);
        table
            .or_else(|| columns().map(|all| all.iter().map(|name| fold(name)).collect()))
            .unwrap_or_default()
    };
    let new = plain(to);
    plain(from).into_iter().filter(|column| new.contains(column)).collect()
}

/// Columns with another type on the other side.
fn retyped(from: &sqlite::Catalog, to: &sqlite::Catalog, name: &str) -> Vec<String> {
    let (Some(old), Some(new)) = (from.table(name), to.table(name)) else { return Vec::new() };
    let other = |column: &&Column| {
        let now = new.column(&column.name).map(|now| fold(&now.type_name));
        now != Some(fold(&column.type_name)) || old.strict != new.strict
    };
    old.columns.iter().filter(other).map(|column| fold(&column.name)).collect()
}

/// Values as they read: 1, '1' and 1.0 do so alike.
fn spelled(mut rows: Vec<Row>, columns: &[String]) -> Vec<Row> {
    for row in &mut rows {
        let values = row.values.iter_mut().filter(|(column, _)| columns.contains(column));
        for (_, value) in values {
            let text = value.trim_matches('\'');
            *value = text.strip_suffix(".0").unwrap_or(text).to_owned();
        }
    }
    rows.sort();
    rows
}

fn read(database: &Database, table: &str, rowid: Option<&str>, columns: &[&str]) -> Vec<Row> {
    let quote = |column: &&str| format!("quote({})", quoted(column));
    let values =
        std::iter::once(rowid.unwrap_or("NULL").to_owned()).chain(columns.iter().map(quote));
    let values: Vec<String> = values.collect();
    let sql = format!("SELECT {} FROM {}", values.join(", "), quoted(table));
    let row = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        let rowid = row.next().flatten();
        let values = row.map(Option::unwrap_or_default);
        Row { rowid, values: columns.iter().map(|name| fold(name)).zip(values).collect() }
    };
    database.rows(&sql).into_iter().map(row).collect()
}

/// A name of the rowid that no column has.
fn rowid(table: &Table) -> Option<&'static str> {
    let free = |name: &&str| table.column(name).is_none();
    ROWID.into_iter().find(free).filter(|_| !table.without_rowid)
}

/// A catalog that must be of this server.
pub(super) fn sqlite(catalog: &Catalog) -> &sqlite::Catalog {
    match catalog {
        Catalog::Sqlite(catalog) => catalog,
        _ => panic!("a catalog of another server"),
    }
}

fn fold(name: &str) -> String {
    name.to_ascii_lowercase()
}

pub(super) fn quoted(name: &str) -> String {
    ident(Dialect::Sqlite, name)
}
