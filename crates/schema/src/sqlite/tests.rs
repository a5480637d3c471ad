//! Catalogs of SQL texts, for tests without a server.

use xtask_db_sql::{Dialect, Syntax, split};

use super::tokens::Cursor;
use super::{Catalog, Facts, Object};

/// The catalog that statements make, each taken at its word.
pub(super) fn catalog(sql: &str) -> Catalog {
    let script = split(sql, Syntax::of(Dialect::Sqlite)).unwrap();
    let object = |statement: &xtask_db_sql::Statement| object(&sql[statement.span.range()]);
    let objects: Vec<Object> = script.statements.iter().map(object).collect();
    Catalog::read(&objects, &Facts::default())
}

fn object(sql: &str) -> Object {
    let mut cursor = Cursor::new(sql);
    let kinds = ["TABLE", "INDEX", "VIEW", "TRIGGER"];
    let is_kind = |word: &str| kinds.iter().any(|kind| word.eq_ignore_ascii_case(kind));
    let mut words = Vec::new();
    while let Some(token) = cursor.next() {
        words.push(token.text.to_lowercase());
        if is_kind(token.text) {
            break;
        }
    }
    let is_virtual = words.contains(&"virtual".to_owned());
    let kind = if is_virtual { "virtual".to_owned() } else { words.pop().unwrap() };
    let name = cursor.name().unwrap();
    let mut table = name.clone();
    if matches!(kind.as_str(), "index" | "trigger") {
        while cursor.next().is_some_and(|token| !token.is_word("ON")) {}
        table = cursor.name().unwrap();
    }
    Object { kind, name, table, sql: sql.to_owned() }
}
