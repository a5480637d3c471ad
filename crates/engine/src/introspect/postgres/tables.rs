//! Tables.

use serde::Deserialize;
use xtask_db_schema::postgres::{Name, Object, Partition, ReplicaIdentity, Table};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const TABLES: &str = "\
    SELECT c.oid::int8 AS oid, c.relname AS name, \
    CASE WHEN pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END AS schema, \
    pg_get_partkeydef(c.oid) AS partition_key, \
    pg_get_expr(c.relpartbound, c.oid) AS bound, \
    (SELECT coalesce(json_agg(json_build_object('schema', \
     CASE WHEN pg_table_is_visible(p.oid) THEN NULL ELSE pn.nspname END, 'name', p.relname) \
     ORDER BY i.inhseqno), '[]') FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent \
     JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid) AS parents, \
    c.relpersistence = 'u' AS unlogged, \
    (SELECT coalesce(json_agg(o ORDER BY o), '[]') FROM (SELECT unnest(c.reloptions) AS o \
     UNION ALL SELECT 'toast.' || unnest(toast.reloptions)) x) AS options, \
    ts.spcname AS tablespace, nullif(am.amname, 'heap') AS access_method, \
    c.relreplident::text AS replica_identity, c.reloftype <> 0 AS typed, \
    (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid \
     WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i') AS replica_index, \
    (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid \
     WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered_on, \
    obj_description(c.oid, 'pg_class') AS comment \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid \
    LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace \
    LEFT JOIN pg_am am ON am.oid = c.relam \
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass \
    AND e.objid = c.oid AND e.deptype = 'e')";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    partition_key: Option<String>,
    bound: Option<String>,
    parents: Vec<Name>,
    unlogged: bool,
    options: Vec<String>,
    tablespace: Option<String>,
    access_method: Option<String>,
    replica_identity: String,
    typed: bool,
    replica_index: Option<String>,
    clustered_on: Option<String>,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the tables", TABLES).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        if row.typed {
            reader.name("table of a type", &row.name.plain());
        }
        reader.know(Class::Relation, row.oid, Object::Table(row.name.clone()));
        let name = row.name.clone();
        reader.catalog.tables.insert(name, table(row));
    }
    Ok(())
}

fn table(row: Row) -> Table {
    let mut parents = row.parents;
    let partition_of = match row.bound {
        Some(bound) => parents.pop().map(|parent| Partition { parent, bound }),
        None => None,
    };
    let replica_identity = match row.replica_identity.as_str() {
        "f" => Some(ReplicaIdentity::Full),
        "n" => Some(ReplicaIdentity::Nothing),
        _ => row.replica_index.map(ReplicaIdentity::Index),
    };
    Table {
        partition_key: row.partition_key,
        partition_of,
        inherits: parents,
        unlogged: row.unlogged,
        options: row.options,
        tablespace: row.tablespace,
        access_method: row.access_method,
        replica_identity,
        clustered_on: row.clustered_on,
        comment: row.comment,
        ..Table::default()
    }
}
