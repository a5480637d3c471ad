//! A statement, read.

use xtask_db_sql::{Dialect, Effects, Position, Script, Span, Syntax};

use super::{Cursor, Kind, alter, dml, drop, objects, session, tokens};

/// A statement of a migration.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// Its number in the file, from 0.
    pub(crate) index: usize,
    pub(crate) span: Span,
    pub(crate) at: Position,
    pub(crate) effects: Effects,
    pub(crate) kind: Kind,
    /// It has more tokens than are read: its end is not known.
    pub(crate) cut: bool,
}

/// All statements of a file.
pub(crate) fn read(text: &str, script: &Script, syntax: Syntax) -> Vec<Statement> {
    let each = script.statements.iter().enumerate();
    each.map(|(index, statement)| {
        let (toks, cut) = tokens(text, statement.span, syntax);
        let mut cursor = Cursor::new(&toks, syntax.dialect);
        while cursor.eat_symbol("(") {}
        let kind = kind(&mut cursor).unwrap_or(Kind::Other);
        let (span, at) = (statement.span, statement.at);
        Statement { index, span, at, effects: statement.effects.clone(), kind, cut }
    })
    .collect()
}

fn kind(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    const FIRST: [&str; 22] = [
        "CREATE",
        "ALTER",
        "DROP",
        "RENAME TABLE",
        "RENAME TABLES",
        "TRUNCATE",
        "INSERT",
        "REPLACE",
        "UPDATE",
        "DELETE",
        "WITH",
        "SET STATEMENT",
        "SET",
        "PRAGMA",
        "REFRESH",
        "VACUUM",
        "CLUSTER",
        "DO",
        "CALL",
        "EXECUTE",
        "PREPARE",
        "BEGIN NOT ATOMIC",
    ];
    let start = cursor.clone();
    match cursor.eat_one(&FIRST)? {
        "CREATE" => objects::create(cursor),
        "ALTER" => alter_any(cursor),
        "DROP" => drop::drop(cursor),
        "RENAME TABLE" | "RENAME TABLES" => Some(alter::rename_tables(cursor)),
        "TRUNCATE" => Some(drop::truncate(cursor)),
        "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "WITH" => {
            *cursor = start;
            dml::write(cursor)
        }
        // MariaDB: `SET STATEMENT variable = value FOR statement`
        "SET STATEMENT" => {
            cursor.seek(&["FOR"])?;
            kind(cursor)
        }
        "SET" => Some(session::set(cursor)),
        "PRAGMA" => session::pragma(cursor),
        "REFRESH" => session::refresh(cursor),
        "VACUUM" if cursor.dialect == Dialect::Postgres => session::vacuum(cursor),
        "CLUSTER" => Some(session::cluster(cursor)),
        "DO" => Some(Kind::Opaque("DO")),
        "CALL" => Some(Kind::Opaque("CALL")),
        "EXECUTE" => Some(Kind::Opaque("EXECUTE")),
        "BEGIN NOT ATOMIC" => Some(Kind::Opaque("BEGIN NOT ATOMIC")),
        _ => None,
    }
}

fn alter_any(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    cursor.eat_any(&["ONLINE", "OFFLINE", "IGNORE"]);
    match cursor.eat_one(&["TABLE", "FOREIGN TABLE", "TYPE", "POLICY"])? {
        "TYPE" => objects::alter_type(cursor),
        "POLICY" => {
            cursor.seek(&["ON"])?;
            Some(Kind::Policy { table: cursor.name() })
        }
        _ => alter::alter(cursor),
    }
}
