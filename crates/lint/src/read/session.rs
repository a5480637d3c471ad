//! What is said to the session: `SET`, `PRAGMA`; and maintenance.

use super::expr::squeezed;
use super::{Cursor, Kind, Setting};

/// Behind `SET`: `[GLOBAL|SESSION|LOCAL] name = value, …`.
pub(super) fn set(cursor: &mut Cursor<'_, '_>) -> Kind {
    let assigned = cursor.split().into_iter().filter_map(|mut part| {
        part.eat_any(&["GLOBAL", "SESSION", "LOCAL", "PERSIST"]);
        // `@@SESSION.name`
        let (mut name, _) = variable(&mut part)?;
        while part.eat_symbol(".") {
            (name, _) = variable(&mut part)?;
        }
        let assigned = part.eat_symbol("=") || part.eat_symbol(":=") || part.eat("TO");
        let value = squeezed(part.rest()).trim_matches('\'').to_ascii_lowercase();
        assigned.then_some(Setting { name, value })
    });
    Kind::Set(assigned.collect())
}

fn variable(part: &mut Cursor<'_, '_>) -> Option<(String, String)> {
    if let Some(named) = part.part() {
        return Some(named);
    }
    let token = part.next()?;
    let name = token.text.trim_start_matches('@').to_ascii_lowercase();
    let name = name.rsplit('.').next().unwrap_or_default().to_owned();
    (!name.is_empty()).then(|| (name.clone(), name))
}

/// Behind `PRAGMA`: `[schema.]name [= value]`.
pub(super) fn pragma(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let mut name = cursor.ident()?;
    while cursor.eat_symbol(".") {
        name = cursor.ident()?;
    }
    let value = if cursor.eat_symbol("=") {
        Some(squeezed(cursor.rest()))
    } else {
        cursor.group().map(|inside| squeezed(inside.rest()))
    };
    let value = value.map(|value| value.trim_matches(['\'', '"']).to_ascii_lowercase());
    Some(Kind::Pragma { name, value })
}

/// Behind `REFRESH`.
pub(super) fn refresh(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    if !cursor.eat("MATERIALIZED VIEW") {
        return None;
    }
    let concurrently = cursor.eat("CONCURRENTLY");
    Some(Kind::Refresh { view: cursor.name()?, concurrently })
}

/// Behind `VACUUM`: the old spelling and the one in parentheses.
pub(super) fn vacuum(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let listed = cursor.group().is_some_and(|options| {
        options.split().iter().any(|option| {
            option.is("FULL") && !option.peek(1).is_some_and(|value| value.is("FALSE"))
        })
    });
    let full = listed || cursor.eat("FULL");
    cursor.eat_any(&["FREEZE", "VERBOSE", "ANALYZE"]);
    full.then(|| Kind::Rewrite { word: "VACUUM FULL", table: cursor.name() })
}

/// Behind `CLUSTER`.
pub(super) fn cluster(cursor: &mut Cursor<'_, '_>) -> Kind {
    cursor.group();
    cursor.eat("VERBOSE");
    let first = cursor.name();
    let table = if cursor.eat("ON") { cursor.name() } else { first };
    Kind::Rewrite { word: "CLUSTER", table }
}
