//! What is in a whole database, not only in the managed scope.

use std::collections::BTreeMap;

use xtask_db_sql::{Dialect, ident};

use super::RESTORING_TABLE;
use crate::{Error, Session};

/// Everything in the database that somebody made, for people: `table users`, `function f`. What
/// extensions brought is left out. Empty: a restore has nothing to overwrite.
///
/// # Errors
/// The catalog cannot be read.
pub async fn contents(session: &mut Session) -> Result<Vec<String>, Error> {
    let sql = match session.dialect() {
        Dialect::Sqlite => "SELECT type || ' ' || name FROM main.sqlite_schema \
             WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
            .to_owned(),
        // Below 16384 are the server's own (FirstNormalObjectId).
        Dialect::Postgres => "\
            SELECT x.kind || ' ' || x.name FROM (\
            SELECT 'pg_class'::regclass AS class, oid, CASE relkind WHEN 'v' THEN 'view' \
            WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' \
            THEN 'foreign table' ELSE 'table' END AS kind, relname::text AS name \
            FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') \
            UNION ALL SELECT 'pg_proc'::regclass, oid, 'routine', proname::text \
            FROM pg_catalog.pg_proc \
            UNION ALL SELECT 'pg_type'::regclass, oid, 'type', typname::text \
            FROM pg_catalog.pg_type WHERE typtype IN ('d', 'e', 'r') \
            UNION ALL SELECT 'pg_namespace'::regclass, oid, 'schema', nspname::text \
            FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' \
            UNION ALL SELECT 'pg_largeobject'::regclass, oid, 'large object', oid::text \
            FROM pg_catalog.pg_largeobject_metadata) x \
            WHERE x.oid >= 16384 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
            WHERE d.classid = x.class AND d.objid = x.oid AND d.deptype = 'e') ORDER BY 1"
            .to_owned(),
        Dialect::Mysql => format!(
            "SELECT CONCAT(LOWER(TABLE_TYPE), ' ', TABLE_NAME) FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> '{RESTORING_TABLE}' \
             UNION ALL SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME) \
             FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() \
             UNION ALL SELECT CONCAT('event ', EVENT_NAME) FROM information_schema.EVENTS \
             WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1"
        ),
    };
    let rows = session.read("reading the catalog", &sql).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// Whether nothing is there but the tool's own tables: no row was there before the run.
///
/// # Errors
/// The catalog cannot be read.
pub async fn is_untouched(session: &mut Session) -> Result<bool, Error> {
    let found = contents(session).await?;
    let name = |one: &String| one.rsplit(' ').next().unwrap_or_default().to_owned();
    Ok(found.iter().all(|one| session.names.is_own(&name(one))))
}

/// How many rows each table has, in every schema; the tool's own tables are left out, since they
/// are written to while a backup is made.
///
/// # Errors
/// A table cannot be read.
pub async fn row_counts(session: &mut Session) -> Result<BTreeMap<String, u64>, Error> {
    let mut counts = BTreeMap::new();
    for (schema, name) in tables(session).await? {
        let own = session.names.is_own(&name) && schema == session.names.schema;
        if own || name == RESTORING_TABLE {
            continue;
        }
        let dialect = session.dialect();
        let schema = schema.filter(|_| dialect == Dialect::Postgres);
        let quoted = schema.as_deref().map(|schema| format!("{}.", ident(dialect, schema)));
        let table = format!("{}{}", quoted.unwrap_or_default(), ident(dialect, &name));
        let rows = session.read("counting rows", &format!("SELECT count(*) FROM {table}")).await?;
        let count = rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok());
        let shown = schema.map_or_else(|| name.clone(), |schema| format!("{schema}.{name}"));
        counts.insert(shown, count.unwrap_or_default());
    }
    Ok(counts)
}

/// MySQL: tables whose rows a dump in one transaction does not read as of one moment.
///
/// # Errors
/// The catalog cannot be read.
pub async fn unsafe_tables(session: &mut Session) -> Result<Vec<String>, Error> {
    if session.dialect() != Dialect::Mysql {
        return Ok(Vec::new());
    }
    let sql = "SELECT t.TABLE_NAME FROM information_schema.TABLES t \
         LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE \
         WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' \
         AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES' ORDER BY 1";
    let rows = session.read("reading the catalog", sql).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// Schema and name of every table with rows of its own.
async fn tables(session: &mut Session) -> Result<Vec<(Option<String>, String)>, Error> {
    let sql = match session.dialect() {
        Dialect::Sqlite => {
            "SELECT NULL, name FROM main.sqlite_schema WHERE type = 'table' \
             AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        // A partitioned table has the rows of its partitions.
        Dialect::Postgres => {
            "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND c.oid >= 16384 \
             AND n.nspname NOT LIKE 'pg\\_%'"
        }
        Dialect::Mysql => {
            "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'"
        }
    };
    let rows = session.read("reading the catalog", sql).await?;
    let pair = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        Some((row.next()?, row.next()??))
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}
