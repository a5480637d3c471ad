//! Sequences; not those of identity columns.

use serde::Deserialize;
use xtask_db_schema::postgres::{Member, Name, Object, Sequence, SequenceOptions};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const SEQUENCES: &str = "\
    SELECT c.oid::int8 AS oid, c.relname AS name, \
    CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema, \
    s.seqtypid::regtype::text AS type_name, s.seqstart AS start, s.seqincrement AS increment, \
    s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, s.seqcycle AS cycle, \
    c.relpersistence = 'u' AS unlogged, obj_description(c.oid, 'pg_class') AS comment, \
    (SELECT json_build_object('name', a.attname, 'of', json_build_object('name', t.relname, \
     'schema', CASE WHEN pg_table_is_visible(t.oid) THEN NULL ELSE tn.nspname END)) \
     FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid \
     JOIN pg_namespace tn ON tn.oid = t.relnamespace \
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid \
     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a' \
     AND d.refclassid = 'pg_class'::regclass LIMIT 1) AS owner \
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relpersistence <> 't' \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass \
    AND e.objid = c.oid AND e.deptype IN ('e', 'i'))";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    #[serde(flatten)]
    options: SequenceOptions,
    unlogged: bool,
    owner: Option<Member>,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the sequences", SEQUENCES).await? {
        let kept = |owner: &Member| reader.keeps(&owner.of.name);
        if reader.keeps(&row.name.name) || row.owner.as_ref().is_some_and(kept) {
            continue;
        }
        reader.know(Class::Relation, row.oid, Object::Sequence(row.name.clone()));
        let Row { options, owner, unlogged, comment, .. } = row;
        let sequence = Sequence { options, owner, unlogged, comment };
        reader.catalog.sequences.insert(row.name, sequence);
    }
    Ok(())
}
