//! `CREATE TABLE`, one clause a line.

use std::fmt::Write as _;

use super::{check, column, foreign_key, key, name, period, unquoted};
use crate::mysql::{ForeignKey, Server, Table};

/// The table with these of its foreign keys.
pub(crate) fn create_table(table: &Table, keys: &[&ForeignKey], server: Server) -> String {
    let syntax = server.syntax();
    let columns = table.columns.iter().map(|one| column(one, &table.collation, syntax));
    let lines: Vec<String> = columns
        .chain(table.keys.iter().map(|one| key(one, server)))
        .chain(table.periods.iter().map(period))
        .chain(keys.iter().map(|one| foreign_key(one)))
        .chain(table.checks.iter().map(|one| check(one, syntax)))
        .collect();
    let mut sql = format!("CREATE TABLE {} (\n    ", name(&table.name));
    sql.push_str(&lines.join(",\n    "));
    sql.push_str("\n)");
    let engine = table.options.get_key_value("ENGINE");
    let others = table.options.iter().filter(|(option, _)| *option != "ENGINE");
    if let Some((option, value)) = engine {
        let _ = write!(sql, " {option}={value}");
    }
    let _ = write!(sql, " COLLATE={}", name(&table.collation));
    for (option, value) in others {
        let sign = if option == "TABLESPACE" { " " } else { "=" };
        let _ = write!(sql, " {option}{sign}{value}");
    }
    if table.versioned {
        sql.push_str(" WITH SYSTEM VERSIONING");
    }
    if let Some(partitioning) = &table.partitioning {
        sql.push('\n');
        sql.push_str(&unquoted(partitioning, syntax));
    }
    sql
}
