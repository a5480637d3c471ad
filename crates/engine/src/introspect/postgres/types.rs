//! Enums and range types.

use serde::Deserialize;
use xtask_db_schema::postgres::{Enum, Name, Object, Range};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const ENUMS: &str = "\
    SELECT t.oid::int8 AS oid, t.typname AS name, \
    CASE WHEN pg_type_is_visible(t.oid) THEN NULL ELSE n.nspname END AS schema, \
    (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e \
     WHERE e.enumtypid = t.oid) AS values, obj_description(t.oid, 'pg_type') AS comment \
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass \
    AND e.objid = t.oid AND e.deptype = 'e')";

/// The name of the multirange type is `multirange` in place of `range`, or with it at the end,
/// when it was not told.
const RANGES: &str = "\
    SELECT t.oid::int8 AS oid, t.typname AS name, \
    CASE WHEN pg_type_is_visible(t.oid) THEN NULL ELSE n.nspname END AS schema, \
    array_remove(ARRAY['subtype = ' || format_type(r.rngsubtype, NULL), \
    CASE WHEN NOT o.opcdefault THEN 'subtype_opclass = ' || CASE WHEN pg_opclass_is_visible(o.oid) \
     THEN quote_ident(o.opcname) ELSE format('%I.%I', opn.nspname, o.opcname) END END, \
    CASE WHEN r.rngcollation <> s.typcollation \
     THEN 'collation = ' || r.rngcollation::regcollation::text END, \
    CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical::regproc::text END, \
    CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff::regproc::text END, \
    CASE WHEN m.typname <> left(CASE WHEN t.typname ~ 'range' THEN \
     regexp_replace(t.typname, 'range', 'multirange') ELSE t.typname || '_multirange' END, 63) \
     OR m.typnamespace <> t.typnamespace \
     THEN 'multirange_type_name = ' || format_type(m.oid, NULL) END], NULL) AS parameters, \
    m.oid::int8 AS multirange, obj_description(t.oid, 'pg_type') AS comment \
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
    JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type s ON s.oid = r.rngsubtype \
    JOIN pg_opclass o ON o.oid = r.rngsubopc JOIN pg_namespace opn ON opn.oid = o.opcnamespace \
    JOIN pg_type m ON m.oid = r.rngmultitypid \
    WHERE n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass \
    AND e.objid = t.oid AND e.deptype = 'e')";

#[derive(Deserialize)]
struct EnumRow {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    values: Vec<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct RangeRow {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    parameters: Vec<String>,
    multirange: Oid,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<EnumRow>("reading the enum types", ENUMS).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        reader.know(Class::Type, row.oid, Object::Type(row.name.clone()));
        let found = Enum { values: row.values, comment: row.comment };
        reader.catalog.enums.insert(row.name, found);
    }
    for row in reader.rows::<RangeRow>("reading the range types", RANGES).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        let object = Object::Type(row.name.clone());
        reader.know(Class::Type, row.oid, object.clone());
        reader.know(Class::Type, row.multirange, object);
        let found = Range { parameters: row.parameters, comment: row.comment };
        reader.catalog.ranges.insert(row.name, found);
    }
    Ok(())
}
