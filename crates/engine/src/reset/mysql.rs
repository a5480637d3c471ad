//! What is dropped from a MySQL or MariaDB database.

use std::collections::BTreeSet;

use xtask_db_sql::{Dialect, ident};

use super::sweep::{Keep, Sweep, depends};
use crate::{Error, Session};

/// Everything that a database holds, in the order in which it is dropped.
const CATALOG: &str = "\
    SELECT 1 AS n, 'event' AS kind, EVENT_NAME AS name FROM information_schema.EVENTS \
    WHERE EVENT_SCHEMA = DATABASE() \
    UNION ALL SELECT 2, lower(ROUTINE_TYPE), ROUTINE_NAME FROM information_schema.ROUTINES \
    WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE') \
    UNION ALL SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 3 WHEN 'SEQUENCE' THEN 5 ELSE 4 END, \
    CASE TABLE_TYPE WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END, \
    TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 3";
/// Foreign keys that point into this database, from wherever they are.
const REFERENCES: &str = "\
    SELECT DISTINCT TABLE_SCHEMA = DATABASE(), TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_NAME \
    FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = DATABASE()";

/// Events, routines, views, tables and sequences; triggers go with their tables.
pub(super) async fn plan(session: &mut Session, keep: &Keep) -> Result<Sweep, Error> {
    let rows = session.read("reading the catalog", CATALOG).await?;
    let mut sweep = Sweep::default();
    let mut gone = BTreeSet::new();
    for row in rows {
        let mut row = row.into_iter().skip(1).map(Option::unwrap_or_default);
        let (kind, name) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
        if keep.keeps(&name) {
            continue;
        }
        let quoted = ident(Dialect::Mysql, &name);
        sweep.statements.push(format!("DROP {kind} IF EXISTS {quoted}"));
        sweep.shown.push(format!("{kind} {name}"));
        if kind == "table" {
            gone.insert(name);
        }
    }
    refuse_references(session, &gone).await?;
    Ok(sweep)
}

/// With the checks off a foreign key of a table that stays would point nowhere.
async fn refuse_references(session: &mut Session, gone: &BTreeSet<String>) -> Result<(), Error> {
    let mut lost = Vec::new();
    for row in session.read("reading foreign keys", REFERENCES).await? {
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || row.next().unwrap_or_default();
        let (here, schema, table, parent) = (next() == "1", next(), next(), next());
        if gone.contains(&parent) && !(here && gone.contains(&table)) {
            lost.push(format!("foreign key of {schema}.{table} to {parent}"));
        }
    }
    let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
    if lost.is_empty() { Ok(()) } else { Err(depends(&lost)) }
}
