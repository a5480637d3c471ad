//! Views and materialized views.

use serde::Deserialize;
use xtask_db_schema::postgres::{Materialized, Name, Object, View, ViewColumn, reprinted};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const VIEWS: &str = "\
    SELECT c.oid::int8 AS oid, c.relname AS name, \
    CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema, \
    CASE WHEN c.relkind = 'm' THEN json_build_object('populated', c.relispopulated, \
     'tablespace', ts.spcname, 'access_method', nullif(am.amname, 'heap')) END AS materialized, \
    (SELECT coalesce(json_agg(json_build_object('name', a.attname, \
     'type_name', format_type(a.atttypid, a.atttypmod), \
     'collation', CASE WHEN a.attcollation <> t.typcollation \
      THEN a.attcollation::regcollation::text END, \
     'default', pg_get_expr(d.adbin, d.adrelid), \
     'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END, \
     'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum), '[]') \
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns, \
    rtrim(ltrim(pg_get_viewdef(c.oid)), ';') AS definition, \
    (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM (SELECT unnest(c.reloptions) AS o \
     UNION ALL SELECT 'toast.' || unnest(toast.reloptions)) x) AS options, \
    obj_description(c.oid, 'pg_class') AS comment \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid \
    LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace \
    LEFT JOIN pg_am am ON am.oid = c.relam \
    WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass \
    AND e.objid = c.oid AND e.deptype = 'e')";

/// A default of a view's column is a part of the view.
const DEFAULTS: &str = "\
    SELECT d.oid::int8 AS oid, d.adrelid::int8 AS relation FROM pg_attrdef d \
    JOIN pg_class c ON c.oid = d.adrelid WHERE c.relkind = 'v'";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    materialized: Option<Materialized>,
    columns: Vec<ViewColumn>,
    definition: String,
    options: Vec<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct DefaultRow {
    oid: Oid,
    relation: Oid,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the views", VIEWS).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        reader.know(Class::Relation, row.oid, Object::View(row.name.clone()));
        let view = View {
            materialized: row.materialized,
            columns: row.columns,
            definition: reprinted(&row.definition),
            options: row.options,
            comment: row.comment,
        };
        reader.catalog.views.insert(row.name, view);
    }
    for row in reader.rows::<DefaultRow>("reading the defaults of views", DEFAULTS).await? {
        if let Some(view) = reader.object(Class::Relation, row.relation).cloned() {
            reader.know(Class::Default, row.oid, view);
        }
    }
    Ok(())
}
