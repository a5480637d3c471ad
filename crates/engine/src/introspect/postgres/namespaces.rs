//! Schemas.

use serde::Deserialize;
use xtask_db_schema::postgres::{Namespace, Object};

use super::reader::{Class, Oid, Reader};
use crate::Error;

/// Schemas that are somebody's: not the server's, no session's temporary one, no extension's.
const SCHEMAS: &str = "\
    SELECT n.oid::int8 AS oid, n.nspname AS name, n.nspname = current_schema() AS own, \
    n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) AS managed, \
    EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid) \
    OR EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid) \
    OR EXISTS (SELECT FROM pg_type t WHERE t.typnamespace = n.oid) AS used, \
    nullif(obj_description(n.oid, 'pg_namespace'), 'standard public schema') AS comment \
    FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' \
    AND d.classid = 'pg_namespace'::regclass AND d.objid = n.oid)";

/// The schema that is there in every new database.
const ALWAYS: &str = "public";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    name: String,
    own: bool,
    managed: bool,
    used: bool,
    comment: Option<String>,
}

/// The session's own schema is where everything happens: it is known, and not compared.
pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the schemas", SCHEMAS).await? {
        if row.own || (row.managed && row.name == ALWAYS) {
            if row.comment.is_some() {
                reader.name("comment of schema", &row.name);
            }
            reader.know(Class::Namespace, row.oid, Object::Namespace(row.name));
        } else if row.managed {
            reader.know(Class::Namespace, row.oid, Object::Namespace(row.name.clone()));
            let namespace = Namespace { comment: row.comment };
            reader.catalog.namespaces.insert(row.name, namespace);
        } else if (row.used || row.name != ALWAYS) && !reader.keeps(&row.name) {
            reader.name("schema outside the managed ones", &row.name);
        }
    }
    Ok(())
}
