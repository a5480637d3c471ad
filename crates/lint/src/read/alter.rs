//! `ALTER TABLE`: its actions, one by one.

use xtask_db_sql::Dialect;

use super::column::column;
use super::constraint::constraint;
use super::expr::expr;
use super::index::key;
use super::types::column_type;
use super::{Action, AlterTable, Cursor, Does, Kind};
use crate::name::Name;

/// Behind `ALTER … TABLE`.
pub(super) fn alter(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    cursor.if_exists();
    cursor.eat("ONLY");
    let table = cursor.name()?;
    cursor.eat_symbol("*");
    wait(cursor);
    let mut actions = Vec::new();
    for mut part in cursor.split() {
        let start = part.clone();
        let does = action(&mut part);
        let span = span(&start);
        actions.extend(does.into_iter().map(|does| Action { span, does }));
    }
    Some(Kind::AlterTable(AlterTable { table, actions }))
}

/// MariaDB's `WAIT n` and `NOWAIT`.
fn wait(cursor: &mut Cursor<'_, '_>) {
    if cursor.dialect == Dialect::Mysql && cursor.eat_one(&["WAIT", "NOWAIT"]) == Some("WAIT") {
        cursor.next();
    }
}

fn span(part: &Cursor<'_, '_>) -> xtask_db_sql::Span {
    let mut end = part.clone();
    while !end.at_end() {
        end.pass();
    }
    end.span_since(part)
}

fn action(part: &mut Cursor<'_, '_>) -> Vec<Does> {
    const FIRST: [&str; 12] = [
        "ADD",
        "DROP",
        "RENAME",
        "ALTER",
        "MODIFY",
        "CHANGE",
        "VALIDATE CONSTRAINT",
        "CONVERT TO",
        "DETACH PARTITION",
        "SET SCHEMA",
        "ENABLE",
        "FORCE",
    ];
    match part.eat_one(&FIRST) {
        Some("ADD") => add(part),
        Some("DROP") => vec![drop(part)],
        Some("RENAME") => vec![rename(part).unwrap_or(Does::Other)],
        Some("ALTER") => vec![alter_column(part).unwrap_or(Does::Other)],
        Some("MODIFY") => vec![modify(part, false).unwrap_or(Does::Other)],
        Some("CHANGE") => vec![modify(part, true).unwrap_or(Does::Other)],
        Some("VALIDATE CONSTRAINT") => vec![part.ident().map_or(Does::Other, Does::Validate)],
        Some("CONVERT TO") => {
            let _ = part.eat("CHARACTER SET") || part.eat("CHARSET");
            vec![part.ident().map_or(Does::Other, Does::ConvertCharset)]
        }
        Some("DETACH PARTITION") => {
            part.name();
            vec![Does::DetachPartition { concurrently: part.eat("CONCURRENTLY") }]
        }
        Some("SET SCHEMA") => vec![Does::SetSchema],
        Some("ENABLE" | "FORCE") if part.is("ROW") => vec![Does::RowSecurity],
        Some(_) => vec![Does::Other],
        None => vec![option(part)],
    }
}

/// `DISABLE ROW LEVEL SECURITY`, `NO FORCE …`; MySQL's `ALGORITHM = COPY`.
fn option(part: &mut Cursor<'_, '_>) -> Does {
    if part.eat("DISABLE ROW") || part.eat("NO FORCE") {
        return Does::RowSecurity;
    }
    let Some(name) = part.ident() else { return Does::Other };
    part.eat_symbol("=");
    match part.next() {
        Some(value) => Does::Option { name, value: value.text.trim_matches('\'').to_lowercase() },
        None => Does::Other,
    }
}

fn add(part: &mut Cursor<'_, '_>) -> Vec<Does> {
    let mysql = part.dialect == Dialect::Mysql;
    if mysql && part.is_one(&["PARTITION", "PERIOD", "SYSTEM"]) {
        return vec![Does::Other];
    }
    if let Some(index) = mysql.then(|| key(part)).flatten() {
        return vec![Does::AddIndex(index)];
    }
    if let Some(constraint) = constraint(part) {
        return vec![Does::Add(constraint)];
    }
    part.eat("COLUMN");
    part.if_exists();
    if mysql && let Some(several) = part.group() {
        let each = several.split().into_iter();
        return each.filter_map(|mut one| column(&mut one)).map(Does::AddColumn).collect();
    }
    vec![column(part).map_or(Does::Other, Does::AddColumn)]
}

fn drop(part: &mut Cursor<'_, '_>) -> Does {
    if part.eat("PRIMARY KEY") {
        return Does::DropPrimaryKey;
    }
    if part.eat_one(&["CONSTRAINT", "FOREIGN KEY", "CHECK"]).is_some() {
        part.if_exists();
        return part.ident().map_or(Does::Other, Does::DropConstraint);
    }
    if part.dialect == Dialect::Mysql {
        if part.eat("INDEX") || part.eat("KEY") {
            part.if_exists();
            return part.ident().map_or(Does::Other, Does::DropIndex);
        }
        if part.is_one(&["PARTITION", "PERIOD", "SYSTEM"]) {
            return Does::Other;
        }
    }
    part.eat("COLUMN");
    part.if_exists();
    part.ident().map_or(Does::Other, Does::DropColumn)
}

fn rename(part: &mut Cursor<'_, '_>) -> Option<Does> {
    if part.eat_one(&["CONSTRAINT", "INDEX", "KEY"]).is_some() {
        return Some(Does::Other);
    }
    let column = part.eat("COLUMN");
    if !column {
        let to = part.eat_one(&["TO", "AS"]).is_some() || part.eat_symbol("=");
        if to || part.peek(1).is_none() {
            return part.name().map(Does::RenameTable);
        }
    }
    let from = part.ident()?;
    part.eat("TO").then(|| part.ident()).flatten().map(|to| Does::RenameColumn { from, to })
}

/// Behind `ALTER [COLUMN] name`.
fn alter_column(part: &mut Cursor<'_, '_>) -> Option<Does> {
    if part.eat_one(&["CONSTRAINT", "INDEX", "CHECK"]).is_some() {
        return None;
    }
    part.eat("COLUMN");
    part.if_exists();
    let column = part.ident()?;
    const WORDS: [&str; 8] = [
        "SET DATA TYPE",
        "TYPE",
        "SET NOT NULL",
        "DROP NOT NULL",
        "SET DEFAULT",
        "DROP DEFAULT",
        "ADD GENERATED",
        "DROP IDENTITY",
    ];
    Some(match part.eat_one(&WORDS)? {
        "SET DATA TYPE" | "TYPE" => {
            let ty = column_type(part)?;
            part.until(&["USING"]);
            let using = part.eat("USING").then(|| expr(part));
            Does::SetType { column, ty, using }
        }
        "SET NOT NULL" => Does::SetNotNull(column),
        "DROP NOT NULL" => Does::DropNotNull(column),
        "SET DEFAULT" => Does::SetDefault(column),
        "DROP DEFAULT" => Does::DropDefault(column),
        "ADD GENERATED" => Does::AddIdentity(column),
        _ => return None,
    })
}

/// MySQL's `MODIFY [COLUMN] definition`, `CHANGE [COLUMN] old definition`.
fn modify(part: &mut Cursor<'_, '_>, change: bool) -> Option<Does> {
    part.eat("COLUMN");
    part.if_exists();
    let old = if change { Some(part.ident()?) } else { None };
    let to = column(part)?;
    Some(Does::Modify { column: old.unwrap_or_else(|| to.name.clone()), to })
}

/// `RENAME TABLE a TO b, c TO d`.
pub(super) fn rename_tables(cursor: &mut Cursor<'_, '_>) -> Kind {
    cursor.if_exists();
    let pairs = cursor.split().into_iter().filter_map(|mut part| {
        let from: Name = part.name()?;
        part.seek(&["TO"])?;
        Some((from, part.name()?))
    });
    Kind::RenameTables(pairs.collect())
}
