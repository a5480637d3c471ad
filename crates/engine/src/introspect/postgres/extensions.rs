//! Extensions, and what needs what is theirs.

use serde::Deserialize;
use xtask_db_schema::postgres::{Extension, Object};

use super::depends;
use super::reader::{Class, Oid, Reader};
use crate::Error;

/// The one that is there in every new database is left out. A schema that the extension insists
/// on, and the version that it gets unasked, are not told.
const EXTENSIONS: &str = "\
    SELECT e.oid::int8 AS oid, e.extname AS name, e.extrelocatable AS relocatable, \
    CASE WHEN n.nspname <> current_schema() AND v.schema IS NULL THEN n.nspname END AS schema, \
    nullif(e.extversion, a.default_version) AS version, \
    nullif(obj_description(e.oid, 'pg_extension'), a.comment) AS comment \
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
    LEFT JOIN pg_available_extensions a ON a.name = e.extname \
    LEFT JOIN pg_available_extension_versions v \
    ON v.name = e.extname AND v.version = e.extversion WHERE e.extname <> 'plpgsql'";

/// What needs a member of an extension, or an array of one.
const NEEDS: &str = "\
    WITH member AS (SELECT d.classid, d.objid, e.extname FROM pg_depend d \
     JOIN pg_extension e ON e.oid = d.refobjid WHERE d.deptype = 'e' \
     AND d.refclassid = 'pg_extension'::regclass AND e.extname <> 'plpgsql'), \
    part AS (SELECT classid, objid, extname FROM member UNION ALL \
     SELECT m.classid, t.typarray, m.extname FROM member m JOIN pg_type t ON t.oid = m.objid \
     WHERE m.classid = 'pg_type'::regclass AND t.typarray <> 0) \
    SELECT d.classid::regclass::text AS class, d.objid::int8 AS oid, \
    d.objsubid::int2 AS number, p.extname AS extension \
    FROM pg_depend d JOIN part p ON p.classid = d.refclassid AND p.objid = d.refobjid \
    WHERE d.deptype <> 'e'";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    name: String,
    #[serde(flatten)]
    extension: Extension,
}

#[derive(Deserialize)]
struct NeedRow {
    class: String,
    oid: Oid,
    number: i16,
    extension: String,
}

/// Extensions belong to the whole database, so the scope's schemas do not count.
pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the extensions", EXTENSIONS).await? {
        if !reader.keeps(&row.name) {
            reader.know(Class::Extension, row.oid, Object::Extension(row.name.clone()));
            reader.catalog.extensions.insert(row.name, row.extension);
        }
    }
    Ok(())
}

/// Which objects of the scope need an extension: a column its type, an index its operators.
pub(super) async fn needs(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<NeedRow>("reading what needs extensions", NEEDS).await? {
        let object = depends::part(reader, &row.class, row.oid, row.number);
        let known = reader.catalog.extensions.contains_key(&row.extension);
        if let (Some(object), true) = (object, known) {
            let needs = reader.catalog.depends.entry(object).or_default();
            needs.insert(Object::Extension(row.extension));
        }
    }
    Ok(())
}
