//! `DROP` and `TRUNCATE`.

use super::index;
use super::{Cursor, Drop, Kind};

/// Behind `DROP`.
pub(super) fn drop(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let temporary = cursor.eat("TEMPORARY");
    const KINDS: [&str; 9] = [
        "TABLE",
        "INDEX",
        "VIEW",
        "MATERIALIZED VIEW",
        "TRIGGER",
        "TYPE",
        "SCHEMA",
        "DATABASE",
        "POLICY",
    ];
    Some(match cursor.eat_one(&KINDS)? {
        "TABLE" => Kind::DropTable(named(cursor, temporary)),
        "INDEX" => index::drop(cursor),
        "VIEW" | "MATERIALIZED VIEW" => Kind::DropView(named(cursor, temporary)),
        "TRIGGER" => {
            cursor.if_exists();
            Kind::DropTrigger(cursor.name()?)
        }
        "TYPE" => Kind::DropType(named(cursor, temporary)),
        "POLICY" => {
            cursor.seek(&["ON"])?;
            Kind::Policy { table: cursor.name() }
        }
        _ => {
            cursor.if_exists();
            Kind::DropSchema(cursor.names())
        }
    })
}

fn named(cursor: &mut Cursor<'_, '_>, temporary: bool) -> Drop {
    cursor.if_exists();
    let names = cursor.names();
    Drop { names, cascade: cursor.seek(&["CASCADE"]).is_some(), temporary }
}

/// Behind `TRUNCATE`.
pub(super) fn truncate(cursor: &mut Cursor<'_, '_>) -> Kind {
    cursor.eat("TABLE");
    let tables = cursor.names();
    Kind::Truncate { tables, cascade: cursor.seek(&["CASCADE"]).is_some() }
}
