//! `CREATE TABLE`.

use xtask_db_sql::{Dialect, TokenKind};

use super::column::column;
use super::constraint::constraint;
use super::index::key;
use super::{CreateTable, Cursor, Kind};
use crate::name::Name;

/// What stands before `TABLE`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Prefix {
    pub(super) temporary: bool,
    pub(super) or_replace: bool,
    pub(super) is_virtual: bool,
}

/// Behind `CREATE … TABLE`.
pub(super) fn create(cursor: &mut Cursor<'_, '_>, prefix: Prefix) -> Option<Kind> {
    let if_not_exists = cursor.eat("IF NOT EXISTS");
    let mut table = empty(cursor.name()?);
    table.temporary = prefix.temporary;
    table.or_replace = prefix.or_replace;
    table.is_virtual = prefix.is_virtual;
    table.if_not_exists = if_not_exists;
    if prefix.is_virtual {
        return Some(Kind::CreateTable(table));
    }
    table.derived = cursor.eat_one(&["PARTITION OF", "OF", "LIKE"]).is_some();
    if !table.derived
        && let Some(body) = cursor.group()
    {
        for mut part in body.split() {
            element(&mut part, &mut table);
        }
    }
    options(cursor, &mut table);
    Some(Kind::CreateTable(table))
}

fn empty(name: Name) -> CreateTable {
    CreateTable {
        name,
        temporary: false,
        if_not_exists: false,
        or_replace: false,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        strict: false,
        without_rowid: false,
        options: Vec::new(),
        derived: false,
        is_virtual: false,
    }
}

/// A column, a constraint, a key, `LIKE other`.
fn element(part: &mut Cursor<'_, '_>, table: &mut CreateTable) {
    if part.is_one(&["LIKE", "SELECT", "WITH"]) {
        table.derived = true;
        return;
    }
    if part.dialect == Dialect::Mysql
        && let Some(index) = key(part)
    {
        table.indexes.push(index);
        return;
    }
    if let Some(constraint) = constraint(part) {
        table.constraints.push(constraint);
    } else if let Some(column) = column(part) {
        table.columns.push(column);
    }
}

/// What follows the columns.
fn options(cursor: &mut Cursor<'_, '_>, table: &mut CreateTable) {
    while !cursor.at_end() {
        if cursor.eat("WITHOUT ROWID") {
            table.without_rowid = true;
        } else if cursor.eat_one(&["AS", "SELECT", "INHERITS", "LIKE"]).is_some() {
            table.derived = true;
            return;
        } else if cursor.eat("STRICT") {
            table.strict = true;
        } else if cursor.eat_one(&["DEFAULT", "CHARACTER SET"]).is_some() && !cursor.is("SET") {
            // `DEFAULT CHARSET=…`; `CHARACTER SET = x` is kept as a charset
            if let Some(value) = value(cursor) {
                table.options.push(("charset".to_owned(), value));
            }
        } else {
            option(cursor, table);
        }
    }
}

/// `name = value`; other words are passed over.
fn option(cursor: &mut Cursor<'_, '_>, table: &mut CreateTable) {
    let Some(name) = cursor.peek(0) else { return };
    cursor.pass();
    if name.kind == TokenKind::Word
        && let Some(value) = value(cursor)
    {
        table.options.push((name.text.to_ascii_lowercase(), value));
    }
}

fn value(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    if !cursor.eat_symbol("=") {
        return None;
    }
    cursor.next().map(|token| token.text.trim_matches('\'').to_ascii_lowercase())
}
