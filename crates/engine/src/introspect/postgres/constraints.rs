//! Constraints of tables.

use serde::Deserialize;
use xtask_db_schema::postgres::{Constraint, ConstraintKind, Name, Object};

use super::reader::{Class, Oid, Reader};
use crate::Error;

/// Those of a referring table that only serve the partitions of the table referred to are left
/// out, and constraint triggers.
const CONSTRAINTS: &str = "\
    SELECT c.oid::int8 AS oid, c.conrelid::int8 AS relation, c.conname AS name, \
    c.contype::text AS kind, pg_get_constraintdef(c.oid) AS definition, \
    (SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]') \
     FROM unnest(c.conkey) WITH ORDINALITY k(number, place) JOIN pg_attribute a \
     ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns, \
    x.oid::int8 AS index_oid, \
    (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM unnest(x.reloptions) o) AS options, \
    ts.spcname AS tablespace, CASE WHEN f.oid IS NOT NULL THEN json_build_array( \
     json_build_object('schema', CASE WHEN pg_table_is_visible(f.oid) THEN NULL \
     ELSE fn.nspname END, 'name', f.relname), (SELECT coalesce(json_agg(a.attname \
     ORDER BY k.place), '[]') FROM unnest(c.confkey) WITH ORDINALITY k(number, place) \
     JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number)) END AS \"references\", \
    coalesce(p.conname, CASE WHEN c.coninhcount > 0 THEN c.conname END) AS part_of, \
    c.conislocal AS local, \
    obj_description(c.oid, 'pg_constraint') AS comment, \
    obj_description(x.oid, 'pg_class') AS index_comment \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
    JOIN pg_namespace n ON n.oid = t.relnamespace \
    LEFT JOIN pg_class x ON x.oid = c.conindid AND c.contype IN ('p', 'u', 'x') \
    LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace \
    LEFT JOIN pg_class f ON f.oid = c.confrelid \
    LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace \
    LEFT JOIN pg_constraint p ON p.oid = c.conparentid \
    WHERE c.contype IN ('p', 'u', 'c', 'f', 'x') AND t.relkind IN ('r', 'p') \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND (p.oid IS NULL OR p.conrelid <> c.conrelid)";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    relation: Oid,
    name: String,
    kind: String,
    definition: String,
    columns: Vec<String>,
    index_oid: Option<Oid>,
    options: Vec<String>,
    tablespace: Option<String>,
    references: Option<(Name, Vec<String>)>,
    part_of: Option<String>,
    local: bool,
    comment: Option<String>,
    index_comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the constraints", CONSTRAINTS).await? {
        let Some(table) = reader.relation(row.relation).cloned() else { continue };
        let object = Object::Constraint(table.member(&row.name));
        if let Some(index) = row.index_oid {
            reader.know(Class::Relation, index, object.clone());
        }
        reader.know(Class::Constraint, row.oid, object);
        let name = row.name.clone();
        if let Some(table) = reader.catalog.tables.get_mut(&table) {
            table.constraints.insert(name, constraint(row));
        }
    }
    Ok(())
}

fn constraint(row: Row) -> Constraint {
    let kind = match row.kind.as_str() {
        "p" => ConstraintKind::Primary,
        "u" => ConstraintKind::Unique,
        "f" => ConstraintKind::Foreign,
        "x" => ConstraintKind::Exclusion,
        _ => ConstraintKind::Check,
    };
    Constraint {
        kind,
        definition: row.definition,
        columns: row.columns,
        options: row.options,
        tablespace: row.tablespace,
        references: row.references,
        part_of: row.part_of,
        local: row.local,
        comment: row.comment,
        index_comment: row.index_comment,
    }
}
