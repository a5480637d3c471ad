//! The clauses of a table.

use xtask_db_sql::Syntax;

use super::name::unquoted_parts;
use super::{name, names, unquoted};
use crate::mysql::{Check, Column, ForeignKey, Key, KeyKind, Period, Server};

/// `name varchar(20) NOT NULL`; its collation where the table's is another one.
pub(crate) fn column(column: &Column, table_collation: &str, syntax: Syntax) -> String {
    let mut sql = format!("{} {}", name(&column.name), column.data_type);
    if let Some(collation) = column.collation.as_deref().filter(|own| *own != table_collation) {
        sql.push_str(" COLLATE ");
        sql.push_str(&name(collation));
    }
    if !column.attributes.is_empty() {
        sql.push(' ');
        sql.push_str(&unquoted(&column.attributes, syntax));
    }
    sql
}

/// `UNIQUE KEY name (a, b) USING BTREE`
pub(crate) fn key(key: &Key, server: Server) -> String {
    let kind = match &key.kind {
        KeyKind::Primary => "PRIMARY ",
        KeyKind::Unique => "UNIQUE ",
        KeyKind::Plain => "",
        KeyKind::Special(kind) => &format!("{kind} "),
    };
    let mut sql = format!("{kind}KEY ");
    if key.kind != KeyKind::Primary {
        sql.push_str(&name(&key.name));
        sql.push(' ');
    }
    sql.push('(');
    let parts = unquoted_parts(&key.parts, server.syntax());
    // Without expressions and odd names each comma parts two columns.
    let listed = key.columns.len() == parts.matches(',').count() + 1;
    sql.push_str(&if listed { parts.replace(',', ", ") } else { parts });
    sql.push(')');
    if !key.options.is_empty() {
        sql.push(' ');
        sql.push_str(&unquoted(&key.options, server.syntax()));
    }
    if key.hidden {
        sql.push(' ');
        sql.push_str(server.hidden());
    }
    sql
}

/// `CONSTRAINT name FOREIGN KEY (a) REFERENCES t (id) ON DELETE CASCADE`
pub(crate) fn foreign_key(key: &ForeignKey) -> String {
    let schema = key.schema.as_ref().map(|schema| format!("{}.", name(schema)));
    let mut sql = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}{} ({})",
        name(&key.name),
        names(&key.columns),
        schema.unwrap_or_default(),
        name(&key.table),
        names(&key.referenced)
    );
    if !key.actions.is_empty() {
        sql.push(' ');
        sql.push_str(&key.actions);
    }
    sql
}

/// `CONSTRAINT name CHECK (a > 1)`
pub(crate) fn check(check: &Check, syntax: Syntax) -> String {
    let condition = unquoted(&check.condition, syntax);
    let mut sql = format!("CONSTRAINT {} CHECK ({condition})", name(&check.name));
    if !check.options.is_empty() {
        sql.push(' ');
        sql.push_str(&check.options);
    }
    sql
}

/// `PERIOD FOR name (a, b)`
pub(crate) fn period(period: &Period) -> String {
    let named = if period.is_system() { "SYSTEM_TIME".to_owned() } else { name(&period.name) };
    format!("PERIOD FOR {named} ({})", names(&period.columns))
}

/// `ALTER TABLE t` and its clauses, one a line where there are more.
pub(crate) fn alter_table(table: &str, clauses: &[String]) -> String {
    let gap = if clauses.len() == 1 { " " } else { "\n    " };
    format!("ALTER TABLE {}{gap}{}", name(table), clauses.join(",\n    "))
}
