//! What is dropped from an SQLite file.

use std::collections::BTreeSet;

use xtask_db_sql::{Dialect, ident, literal};

use super::sweep::{Keep, Sweep, depends};
use crate::{Error, Session};

/// Views, triggers and tables. A virtual table takes its shadow tables with it.
pub(super) async fn plan(session: &mut Session, keep: &Keep) -> Result<Sweep, Error> {
    let sql = "SELECT s.type, s.name, coalesce(l.type, ''), s.tbl_name FROM main.sqlite_schema s \
         LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name \
         WHERE s.type IN ('view', 'trigger', 'table') \
         AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND coalesce(l.type, '') <> 'shadow' \
         ORDER BY CASE s.type WHEN 'view' THEN 0 WHEN 'trigger' THEN 1 ELSE 2 END, \
         coalesce(l.type, '') <> 'virtual', s.name";
    let rows = session.read("reading the catalog", sql).await?;
    let mut sweep = Sweep::default();
    let (mut gone, mut stay) = (BTreeSet::new(), Vec::new());
    for row in rows {
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || row.next().unwrap_or_default();
        let (kind, name, detail, table) = (next(), next(), next(), next());
        let is_table = kind == "table";
        if keep.keeps(&name) || (kind == "trigger" && keep.keeps(&table)) {
            if is_table {
                stay.push(name);
            }
            continue;
        }
        // Triggers go with their table or view.
        if kind != "trigger" {
            let quoted = ident(Dialect::Sqlite, &name);
            sweep.statements.push(format!("DROP {kind} IF EXISTS main.{quoted}"));
            let kind = if detail == "virtual" { "virtual table" } else { &kind };
            sweep.shown.push(format!("{kind} {name}"));
        }
        if is_table {
            gone.insert(name.to_lowercase());
        }
    }
    refuse_references(session, &stay, &gone).await?;
    Ok(sweep)
}

/// A table that stays must not refer to one that goes.
async fn refuse_references(
    session: &mut Session,
    stay: &[String],
    gone: &BTreeSet<String>,
) -> Result<(), Error> {
    let mut lost = Vec::new();
    for table in stay {
        let name = literal(session.syntax(), table);
        let sql = format!("SELECT DISTINCT lower(\"table\") FROM pragma_foreign_key_list({name})");
        let parents = session.read("reading foreign keys", &sql).await?;
        for parent in parents.into_iter().flatten().flatten() {
            if gone.contains(&parent) {
                lost.push(format!("foreign key of {table} to {parent}"));
            }
        }
    }
    let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
    if lost.is_empty() { Ok(()) } else { Err(depends(&lost)) }
}
