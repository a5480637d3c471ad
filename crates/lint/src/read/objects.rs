//! `CREATE` of all kinds, and `ALTER TYPE`.

use xtask_db_sql::TokenKind;

use super::create_table::{self, Prefix};
use super::types::string;
use super::{CreateView, Cursor, EnumAction, Kind, Trigger, index};
use crate::name::fold;

/// Behind `CREATE`.
pub(super) fn create(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let mut prefix = Prefix { or_replace: cursor.eat("OR REPLACE"), ..Prefix::default() };
    let mut unique = false;
    let mut method = None;
    loop {
        const WORDS: [&str; 19] = [
            "TEMPORARY",
            "TEMP",
            "UNLOGGED",
            "GLOBAL",
            "LOCAL",
            "FOREIGN",
            "VIRTUAL",
            "UNIQUE",
            "FULLTEXT",
            "SPATIAL",
            "MATERIALIZED VIEW",
            "VIEW",
            "TABLE",
            "CONSTRAINT",
            "TRIGGER",
            "TYPE",
            "SCHEMA",
            "POLICY",
            "RECURSIVE",
        ];
        if cursor.is("INDEX") {
            return index::create(cursor, unique, method);
        }
        match cursor.eat_one(&WORDS) {
            Some("TEMPORARY" | "TEMP") => prefix.temporary = true,
            Some("VIRTUAL") => prefix.is_virtual = true,
            Some("UNIQUE") => unique = true,
            Some("FULLTEXT") => method = Some("fulltext"),
            Some("SPATIAL") => method = Some("spatial"),
            Some("TABLE") => return create_table::create(cursor, prefix),
            Some("MATERIALIZED VIEW" | "VIEW") => return view(cursor),
            Some("TRIGGER") => return trigger(cursor),
            Some("TYPE") => return enumeration(cursor),
            Some("SCHEMA") => {
                cursor.if_exists();
                return cursor.name().map(Kind::CreateSchema);
            }
            Some("POLICY") => {
                cursor.seek(&["ON"])?;
                return Some(Kind::Policy { table: cursor.name() });
            }
            Some(_) => {}
            None => definer(cursor)?,
        }
    }
}

/// MySQL's `DEFINER = user`, `ALGORITHM = x`, `SQL SECURITY x`; functions and the rest end here.
fn definer(cursor: &mut Cursor<'_, '_>) -> Option<()> {
    const KNOWN: [&str; 4] = ["DEFINER", "ALGORITHM", "SQL SECURITY", "ONLINE"];
    cursor.eat_one(&KNOWN)?;
    while !cursor.at_end() && !cursor.is_one(&["VIEW", "TRIGGER", "SQL", "INDEX", "DEFINER"]) {
        cursor.pass();
    }
    (!cursor.at_end()).then_some(())
}

fn view(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    cursor.if_exists();
    let name = cursor.name()?;
    Some(Kind::CreateView(CreateView { name, reads: reads(cursor) }))
}

/// The names in a query: those without a qualifier, and `table.column` with the alias resolved.
fn reads(cursor: &Cursor<'_, '_>) -> Vec<String> {
    let toks = cursor.rest();
    let named = |at: usize| {
        let token = toks.get(at)?;
        let is = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
        is.then(|| fold(token.text, token.kind, cursor.dialect))
    };
    let is = |at: usize, symbol: &str| toks.get(at).is_some_and(|token| token.is_symbol(symbol));
    // `table alias`, `table AS alias`: of what is neither, nothing is asked
    let table_of = |alias: &str| {
        (0..toks.len()).find_map(|at| {
            let behind = if toks.get(at + 1).is_some_and(|token| token.is("AS")) { 2 } else { 1 };
            (named(at + behind)? == alias && !is(at + behind + 1, ".")).then(|| named(at))?
        })
    };
    let mut reads = Vec::new();
    for at in 0..toks.len() {
        let Some(name) = named(at) else {
            let before = at.checked_sub(1).and_then(|before| toks.get(before));
            let star = is(at, "*") && before.is_some_and(|one| one.is("SELECT") || one.text == ".");
            reads.extend(star.then(|| "*".to_owned()));
            continue;
        };
        let qualifier = at.checked_sub(2).filter(|_| is(at - 1, ".")).and_then(named);
        match qualifier {
            Some(qualifier) => {
                let table = table_of(&qualifier);
                reads.extend(table.map(|table| format!("{table}.{name}")));
                reads.push(format!("{qualifier}.{name}"));
                // `schema.table`, or a column: a table's own name is looked for alone
                let called =
                    toks.get(at + 1).is_some_and(|next| next.is("AS")) || named(at + 1).is_some();
                reads.extend(called.then_some(name));
            }
            None => reads.push(name),
        }
    }
    reads
}

fn trigger(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    cursor.if_exists();
    let name = cursor.name()?;
    let table = cursor.seek(&["ON"]).and_then(|_| cursor.name());
    Some(Kind::CreateTrigger(Trigger { name, table }))
}

/// `CREATE TYPE name AS ENUM ('a', 'b')`.
fn enumeration(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let name = cursor.name()?;
    if !cursor.eat("AS ENUM") {
        return None;
    }
    let group = cursor.group()?;
    let values = group.rest().iter().filter_map(|token| string(*token)).collect();
    Some(Kind::CreateEnum { name, values })
}

/// Behind `ALTER TYPE`: `ADD VALUE 'x'`, `RENAME VALUE 'x' TO 'y'`.
pub(super) fn alter_type(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let name = cursor.name()?;
    let action = if cursor.eat("ADD VALUE") {
        cursor.if_exists();
        EnumAction::Add { value: string(cursor.next()?)? }
    } else if cursor.eat("RENAME VALUE") {
        let from = string(cursor.next()?)?;
        cursor.eat("TO");
        EnumAction::Rename { from, to: string(cursor.next()?)? }
    } else if cursor.eat("RENAME TO") {
        EnumAction::RenameType(cursor.name()?)
    } else {
        return None;
    };
    Some(Kind::AlterEnum { name, action })
}
