//! Composite types that are no table's.

use serde::Deserialize;
use xtask_db_schema::postgres::{Attribute, Composite, Name, Object};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const COMPOSITES: &str = "\
    SELECT t.oid::int8 AS oid, c.oid::int8 AS relation, t.typname AS name, \
    CASE WHEN pg_type_is_visible(t.oid) THEN NULL ELSE n.nspname END AS schema, \
    (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type_name', \
     format_type(a.atttypid, a.atttypmod), 'collation', CASE WHEN a.attcollation <> b.typcollation \
     THEN a.attcollation::regcollation::text END, 'comment', col_description(c.oid, a.attnum)) \
     ORDER BY a.attnum), '[]') FROM pg_attribute a JOIN pg_type b ON b.oid = a.atttypid \
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes, \
    obj_description(t.oid, 'pg_type') AS comment \
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
    JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c' \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass \
    AND e.objid = t.oid AND e.deptype = 'e')";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    relation: Oid,
    #[serde(flatten)]
    name: Name,
    attributes: Vec<Attribute>,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the composite types", COMPOSITES).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        let object = Object::Type(row.name.clone());
        reader.know(Class::Type, row.oid, object.clone());
        reader.know(Class::Relation, row.relation, object);
        let found = Composite { attributes: row.attributes, comment: row.comment };
        reader.catalog.composites.insert(row.name, found);
    }
    Ok(())
}
