//! Indexes that no constraint made.

use serde::Deserialize;
use xtask_db_schema::postgres::{Index, Name, Object};

use super::reader::{Class, Oid, Reader};
use crate::{DbError, Error};

const INDEXES: &str = "\
    SELECT c.oid::int8 AS oid, i.indrelid::int8 AS relation, c.relname AS name, \
    CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema, \
    i.indisunique AS unique, i.indisvalid AS valid, c.relkind = 'I' AS partitioned, \
    i.indpred IS NOT NULL AS partial, pg_get_indexdef(c.oid) AS definition, \
    format('CREATE %sINDEX %I ON %s%I.%I USING ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, \
    c.relname, CASE WHEN c.relkind = 'I' THEN 'ONLY ' END, n.nspname, t.relname) AS opening, \
    (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey::int2[]) \
     WITH ORDINALITY k(number, place) LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid \
     AND a.attnum = k.number AND k.number > 0) AS columns, \
    i.indnkeyatts AS keys, \
    (SELECT json_build_object('name', p.relname, 'schema', \
     CASE WHEN pg_table_is_visible(p.oid) THEN NULL ELSE pn.nspname END) \
     FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent \
     JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) AS part_of, \
    (SELECT coalesce(json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum), \
     '[]') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) AS statistics, \
    ts.spcname AS tablespace, obj_description(c.oid, 'pg_class') AS comment \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
    JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
    LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace \
    WHERE t.relkind IN ('r', 'p', 'm') \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid \
    AND k.contype IN ('p', 'u', 'x'))";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    relation: Oid,
    #[serde(flatten)]
    name: Name,
    unique: bool,
    valid: bool,
    partitioned: bool,
    partial: bool,
    definition: String,
    opening: String,
    columns: Vec<Option<String>>,
    keys: usize,
    part_of: Option<Name>,
    statistics: Vec<(i16, i32)>,
    tablespace: Option<String>,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    let doing = "reading the indexes";
    for row in reader.rows::<Row>(doing, INDEXES).await? {
        let Some(table) = reader.relation(row.relation).cloned() else { continue };
        if reader.keeps(&row.name.name) {
            continue;
        }
        let Some(definition) = row.definition.strip_prefix(&row.opening) else {
            let error = DbError::unexpected(&row.definition);
            return Err(Error::Server { doing, error });
        };
        reader.know(Class::Relation, row.oid, Object::Index(row.name.clone()));
        let index = Index {
            table,
            unique: row.unique,
            definition: definition.to_owned(),
            columns: row.columns,
            keys: row.keys,
            partial: row.partial,
            partitioned: row.partitioned,
            valid: row.valid,
            part_of: row.part_of,
            statistics: row.statistics,
            tablespace: row.tablespace,
            comment: row.comment,
        };
        reader.catalog.indexes.insert(row.name, index);
    }
    Ok(())
}
