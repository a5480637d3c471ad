//! Puts together what the server says of each object.

use std::collections::BTreeSet;

use xtask_db_schema::sqlite::{Catalog, Facts, Object};

use super::columns;
use crate::reset::Keep;
use crate::{Error, Scope, Session};

/// The objects of the file: those of a virtual table's module, its shadow tables, are none.
const OBJECTS: &str = "WITH l AS MATERIALIZED \
     (SELECT name, type FROM pragma_table_list WHERE schema = 'main') \
     SELECT CASE l.type WHEN 'virtual' THEN l.type ELSE s.type END, s.name, s.tbl_name, s.sql \
     FROM main.sqlite_schema s LEFT JOIN l ON l.name = s.name AND s.type = 'table' \
     WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     AND coalesce(l.type, '') <> 'shadow' ORDER BY s.name, s.type";

/// Everything in the scope.
pub(in crate::introspect) async fn catalog(
    session: &mut Session,
    scope: &Scope,
) -> Result<Catalog, Error> {
    let keep = Keep::of(scope, &session.names);
    let (mut objects, mut facts) = (Vec::new(), Facts::default());
    for row in session.read("reading the catalog", OBJECTS).await? {
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || row.next().unwrap_or_default();
        let object = Object { kind: next(), name: next(), table: next(), sql: next() };
        match (keep.keeps(&object.name), keep.keeps(&object.table)) {
            (false, false) => objects.push(object),
            (true, false) => facts.ignored.push(object),
            (_, true) => {}
        }
    }
    columns::of_tables(session, &mut facts).await?;
    let read_late: BTreeSet<&str> = objects
        .iter()
        .filter(|object| matches!(object.kind.as_str(), "view" | "virtual"))
        .map(|object| object.name.as_str())
        .collect();
    for name in read_late {
        columns::of_one(session, name, &mut facts).await;
    }
    // Without its module nobody says which tables are its shadows.
    let absent =
        |object: &&Object| object.kind == "virtual" && facts.broken.contains_key(&object.name);
    let absent: Vec<String> =
        objects.iter().filter(absent).map(|object| format!("{}_", object.name)).collect();
    let shadow = |object: &&Object| absent.iter().any(|start| object.name.starts_with(start));
    facts.shadows = objects.iter().filter(shadow).map(|object| object.name.clone()).collect();
    Ok(Catalog::read(&objects, &facts))
}
