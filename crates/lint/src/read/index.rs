//! Indexes: `CREATE INDEX`, and MySQL's keys inside a table.

use super::{CreateIndex, Cursor, DropIndex, Index, Kind};

/// Behind `CREATE`, `UNIQUE` and the like gone: `INDEX …`.
pub(super) fn create(
    cursor: &mut Cursor<'_, '_>,
    unique: bool,
    method: Option<&str>,
) -> Option<Kind> {
    let word_end = cursor.next()?.span.end;
    cursor.eat("CONCURRENTLY");
    cursor.if_exists();
    let mut index = Index { unique, method: method.map(str::to_owned), ..Index::default() };
    if !cursor.is("ON") {
        index.name = cursor.name().map(|name| last(name.key()));
    }
    using(cursor, &mut index); // MySQL has it before ON too
    if !cursor.eat("ON") {
        return None;
    }
    cursor.eat("ONLY");
    let table = cursor.name()?;
    using(cursor, &mut index);
    columns(cursor, &mut index);
    using(cursor, &mut index);
    index.partial = cursor.seek(&["WHERE"]).is_some();
    Some(Kind::CreateIndex(CreateIndex { table, index, word_end }))
}

/// Behind `DROP INDEX`.
pub(super) fn drop(cursor: &mut Cursor<'_, '_>) -> Kind {
    cursor.eat("CONCURRENTLY");
    cursor.if_exists();
    let names = cursor.names().iter().map(|name| last(name.key())).collect();
    let table = if cursor.eat("ON") { cursor.name() } else { None };
    Kind::DropIndex(DropIndex { names, table })
}

/// MySQL, inside a table: `[UNIQUE|FULLTEXT|SPATIAL] {INDEX|KEY} [name] [USING x] (columns)`.
pub(super) fn key(cursor: &mut Cursor<'_, '_>) -> Option<Index> {
    let start = cursor.clone();
    let kind = cursor.eat_one(&["UNIQUE", "FULLTEXT", "SPATIAL"]);
    let word = cursor.eat_one(&["INDEX", "KEY"]);
    if kind.is_none() && word.is_none() {
        return None;
    }
    cursor.if_exists();
    let mut index = Index { unique: kind == Some("UNIQUE"), ..Index::default() };
    index.method = kind.filter(|kind| *kind != "UNIQUE").map(str::to_lowercase);
    if !cursor.is_symbol("(") && !cursor.is("USING") {
        index.name = cursor.ident();
    }
    using(cursor, &mut index);
    if !cursor.is_symbol("(") {
        *cursor = start; // a column with such a name
        return None;
    }
    columns(cursor, &mut index);
    cursor.pass_to_comma();
    Some(index)
}

fn using(cursor: &mut Cursor<'_, '_>, index: &mut Index) {
    if cursor.eat("USING") {
        index.method = cursor.ident();
    }
}

fn columns(cursor: &mut Cursor<'_, '_>, index: &mut Index) {
    let Some(group) = cursor.group() else { return };
    index.columns = group
        .split()
        .into_iter()
        .map(|mut item| {
            let name = item.ident()?;
            // `lower(email)` is an expression; MySQL's `name(10)` is a column
            let prefix = item
                .rest()
                .get(1)
                .is_some_and(|inside| inside.text.bytes().all(|byte| byte.is_ascii_digit()));
            (!item.is_symbol("(") || prefix).then_some(name)
        })
        .collect();
}

/// The name without its schema: an index lives in the schema of its table.
pub(super) fn last(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).to_owned()
}
