//! Rows for any schema: values that may refer to each other; what a constraint refuses stays out.

use xtask_db_schema::Catalog;
use xtask_db_schema::sqlite::Column;

use super::rows::{quoted, sqlite};
use crate::support::{Database, Random};

/// How many rows a table is offered.
const ROWS_MAX: u64 = 9;
/// Few values, so that rows refer to each other; the first ones are for numbers.
const VALUES: [&str; 12] =
    ["NULL", "1", "2", "3", "4", "'1'", "'b'", "'C c'", "''", "'007'", "2.5", "x'00ff'"];
const NUMBERS: usize = 5;

/// Puts rows into every table.
pub(super) fn fill(database: &Database, catalog: &Catalog, random: &mut Random) {
    for _ in 0..ROWS_MAX {
        for table in &sqlite(catalog).tables {
            let plain: Vec<&Column> =
                table.columns.iter().filter(|column| column.generated.is_none()).collect();
            let values: Vec<&str> = plain.iter().map(|column| value(column, random)).collect();
            let names: Vec<&str> = plain.iter().map(|column| &*column.name).collect();
            insert(database, &table.name, &names, &values);
        }
    }
    for table in &sqlite(catalog).virtual_tables {
        let names: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        match table.module.as_str() {
            "rtree" => insert(database, &table.name, &names, &["1", "2", "3", "4", "5"]),
            _ => insert(database, &table.name, &names, &["'a b'", "'c'", "'d'"]),
        }
    }
}

fn insert(database: &Database, table: &str, names: &[&str], values: &[&str]) {
    let columns: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let values = &values[..values.len().min(names.len())];
    let _refused = database.refusal(&format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quoted(table),
        columns.join(", "),
        values.join(", ")
    ));
}

fn value(column: &Column, random: &mut Random) -> &'static str {
    let number = column.type_name.to_ascii_lowercase().contains("int");
    let values = if number && random.chance(80) { &VALUES[..NUMBERS] } else { &VALUES[..] };
    *random.pick(values)
}
