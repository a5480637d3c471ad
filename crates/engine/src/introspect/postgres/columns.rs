//! Columns of tables, their defaults, and the sequences of identity columns.

use serde::Deserialize;
use xtask_db_schema::postgres::{Column, Generated, Identity, Name, Object, SequenceOptions};

use super::reader::{Class, Oid, Reader};
use crate::Error;

/// Options whose names begin with `pg_` are the server's own notes, which no statement sets.
const COLUMNS: &str = "\
    SELECT a.attrelid::int8 AS relation, a.attnum AS number, a.attname AS name, \
    format_type(a.atttypid, a.atttypmod) AS type_name, \
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END \
    AS collation, a.attnotnull AS not_null, d.oid::int8 AS default_oid, \
    pg_get_expr(d.adbin, d.adrelid) AS expression, a.attgenerated::text AS generated, \
    a.attidentity::text AS identity, CASE a.attstorage WHEN 'p' THEN 'PLAIN' \
    WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS storage, \
    a.attstorage = t.typstorage AS usual_storage, \
    CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression, \
    CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics, \
    (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM unnest(a.attoptions) o \
     WHERE o NOT LIKE 'pg\\_%') AS options, \
    a.attinhcount > 0 AS inherited, a.attislocal AS local, \
    col_description(a.attrelid, a.attnum) AS comment \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid \
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
    WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    ORDER BY a.attrelid, a.attnum";

const IDENTITIES: &str = "\
    SELECT d.refobjid::int8 AS relation, d.refobjsubid::int2 AS number, c.oid::int8 AS oid, \
    c.relname AS name, CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END \
    AS schema, s.seqtypid::regtype::text AS type_name, s.seqstart AS start, \
    s.seqincrement AS increment, s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, \
    s.seqcycle AS cycle FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid \
    JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
    AND d.deptype = 'i' AND d.refobjsubid > 0";

#[derive(Deserialize)]
struct Row {
    relation: Oid,
    number: i16,
    name: String,
    type_name: String,
    collation: Option<String>,
    not_null: bool,
    default_oid: Option<Oid>,
    expression: Option<String>,
    generated: String,
    identity: String,
    storage: String,
    usual_storage: bool,
    compression: Option<String>,
    statistics: Option<i32>,
    options: Vec<String>,
    inherited: bool,
    local: bool,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct IdentityRow {
    relation: Oid,
    number: i16,
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    #[serde(flatten)]
    options: SequenceOptions,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the columns", COLUMNS).await? {
        let Some(table) = reader.relation(row.relation).cloned() else { continue };
        let member = table.member(&row.name);
        let object = Object::Column(member.clone());
        reader.know_column(row.relation, row.number, object.clone());
        if let Some(oid) = row.default_oid {
            let computed = !row.generated.is_empty();
            let owner = if computed { object } else { Object::Default(member) };
            reader.know(Class::Default, oid, owner);
        }
        if let Some(table) = reader.catalog.tables.get_mut(&table) {
            table.columns.push(column(row));
        }
    }
    identities(reader).await
}

fn column(row: Row) -> Column {
    let (default, generated) = match (row.generated.as_str(), row.expression) {
        ("", default) => (default, None),
        (kind, expression) => {
            let expression = expression.unwrap_or_default();
            (None, Some(Generated { expression, stored: kind == "s" }))
        }
    };
    let identity = (!row.identity.is_empty())
        .then(|| Identity { always: row.identity == "a", ..Identity::default() });
    Column {
        name: row.name,
        type_name: row.type_name,
        collation: row.collation,
        not_null: row.not_null,
        default,
        generated,
        identity,
        storage: row.storage,
        usual_storage: row.usual_storage,
        compression: row.compression,
        statistics: row.statistics,
        options: row.options,
        inherited: row.inherited,
        local: row.local,
        comment: row.comment,
    }
}

/// The sequence of an identity column is a part of it.
async fn identities(reader: &mut Reader<'_>) -> Result<(), Error> {
    let doing = "reading the sequences of identity columns";
    for row in reader.rows::<IdentityRow>(doing, IDENTITIES).await? {
        let part = reader.part(Class::Relation, row.relation, row.number);
        let Some(Object::Column(member)) = part.cloned() else { continue };
        reader.know(Class::Relation, row.oid, Object::Column(member.clone()));
        let table = reader.catalog.tables.get_mut(&member.of);
        let columns = table.into_iter().flat_map(|table| &mut table.columns);
        for column in columns.filter(|column| column.name == member.name) {
            if let Some(identity) = &mut column.identity {
                identity.sequence = row.name.clone();
                identity.options = row.options.clone();
            }
        }
    }
    Ok(())
}
