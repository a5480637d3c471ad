//! What is dropped from PostgreSQL schemas.

use super::sweep::{Keep, Sweep};
use crate::{Error, Session};

/// Kinds in the order in which they are dropped; each kind goes in one statement, so that its
/// members may depend on each other.
const KINDS: [&str; 10] = [
    "view",
    "materialized view",
    "foreign table",
    "table",
    "sequence",
    "aggregate",
    "function",
    "procedure",
    "domain",
    "type",
];

/// Nobody else's: no extension made it, and it is no part of another object.
const FREE: &str = "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = x.class \
    AND d.objid = x.oid AND d.objsubid = 0 AND (d.deptype IN ('e', 'i') OR (x.kind = 'sequence' \
    AND d.deptype = 'a' AND d.refclassid = 'pg_catalog.pg_class'::regclass)))";

/// Relations, routines and types of the schemas: kind, oid, schema, name, and how it is dropped.
const CATALOG: &str = "\
    SELECT 'pg_catalog.pg_class'::regclass AS class, c.oid, c.relnamespace AS schema, \
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' \
    WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, \
    c.relname::text AS name, '' AS arguments FROM pg_catalog.pg_class c \
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') \
    UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.pronamespace, \
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, \
    p.proname::text, '(' || CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*' \
    ELSE pg_catalog.pg_get_function_identity_arguments(p.oid) END || ')' \
    FROM pg_catalog.pg_proc p \
    UNION ALL SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typnamespace, \
    CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.typname::text, '' \
    FROM pg_catalog.pg_type t WHERE t.typtype IN ('d', 'e', 'r', 'b', 'c') \
    AND (t.typrelid = 0 OR EXISTS (SELECT 1 FROM pg_catalog.pg_class c \
    WHERE c.oid = t.typrelid AND c.relkind = 'c')) \
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)";

/// Everything that can be lost to a `CASCADE`, with the object it belongs to.
const EVERYTHING: &str = "\
    SELECT 'pg_catalog.pg_class'::regclass AS class, c.oid, 0 AS sub, \
    CASE WHEN c.relkind = 'c' THEN c.reltype ELSE coalesce(i.indrelid, c.oid) END AS owner \
    FROM pg_catalog.pg_class c \
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE c.relkind <> 'S' \
    AND c.relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace \
    WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema') \
    UNION ALL SELECT 'pg_catalog.pg_class'::regclass, a.attrelid, a.attnum, \
    CASE WHEN c.relkind = 'c' THEN c.reltype ELSE a.attrelid END \
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind NOT IN ('i', 'I', 't', 'S') \
    AND c.relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace \
    WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema') \
    UNION ALL SELECT 'pg_catalog.pg_constraint'::regclass, oid, 0, \
    CASE WHEN conrelid <> 0 THEN conrelid ELSE contypid END FROM pg_catalog.pg_constraint \
    UNION ALL SELECT 'pg_catalog.pg_attrdef'::regclass, oid, 0, adrelid FROM pg_catalog.pg_attrdef \
    UNION ALL SELECT 'pg_catalog.pg_trigger'::regclass, oid, 0, tgrelid FROM pg_catalog.pg_trigger \
    WHERE NOT tgisinternal \
    UNION ALL SELECT 'pg_catalog.pg_policy'::regclass, oid, 0, polrelid FROM pg_catalog.pg_policy \
    UNION ALL SELECT 'pg_catalog.pg_event_trigger'::regclass, oid, 0, oid \
    FROM pg_catalog.pg_event_trigger \
    UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, p.oid FROM pg_catalog.pg_proc p \
    WHERE p.oid >= 16384 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i') \
    UNION ALL SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, t.oid FROM pg_catalog.pg_type t \
    WHERE t.oid >= 16384 AND t.typtype IN ('d', 'e', 'r', 'b') \
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)";

/// Views, tables, sequences, routines and types of the schemas; none: the session's.
pub(super) async fn plan(
    session: &mut Session,
    schemas: &[String],
    keep: &Keep,
) -> Result<Sweep, Error> {
    let own = session.names.schema.clone().unwrap_or_default();
    let schemas = if schemas.is_empty() { std::slice::from_ref(&own) } else { schemas };
    let list: Vec<String> = schemas.iter().map(|schema| session.lit(schema)).collect();
    let sql = format!(
        "SELECT x.kind, x.oid, n.nspname::text, x.name, \
         pg_catalog.format('%I.%I', n.nspname, x.name) || x.arguments \
         FROM ({CATALOG}) x JOIN pg_catalog.pg_namespace n ON n.oid = x.schema \
         WHERE n.nspname IN ({}) AND {FREE} ORDER BY 3, 4, 5",
        list.join(", ")
    );
    let rows = session.read("reading the catalog", &sql).await?;
    let rows = rows.into_iter().filter_map(|row| {
        let mut row = row.into_iter();
        Some([row.next()??, row.next()??, row.next()??, row.next()??, row.next()??])
    });
    let rows: Vec<_> = rows.filter(|[_, _, _, name, _]| !keep.keeps(name)).collect();
    let mut sweep = Sweep::default();
    for kind in KINDS {
        let mut targets = Vec::new();
        for [_, oid, schema, name, target] in rows.iter().filter(|row| row[0] == kind) {
            let qualified = if *schema == own { name } else { &format!("{schema}.{name}") };
            sweep.shown.push(format!("{kind} {qualified}"));
            sweep.oids.push(oid.clone());
            targets.push(target.as_str());
        }
        if !targets.is_empty() {
            let sql = format!("DROP {kind} IF EXISTS {} CASCADE", targets.join(", "));
            sweep.statements.push(sql);
        }
    }
    Ok(sweep)
}

/// Everything that does not belong to these objects, each as a text of its own.
pub(super) async fn others(session: &mut Session, oids: &[String]) -> Result<Vec<String>, Error> {
    // Owned sequences go with their table.
    let gone = if oids.is_empty() { "0".to_owned() } else { oids.join(", ") };
    let sql = format!(
        "SELECT pg_catalog.pg_describe_object(x.class, x.oid, x.sub) FROM ({EVERYTHING}) x \
         WHERE x.owner NOT IN ({gone}) ORDER BY 1"
    );
    let rows = session.read("reading the catalog", &sql).await?;
    Ok(rows.into_iter().filter_map(|row| row.into_iter().next()?).collect())
}
