//! Functions and procedures.

use serde::Deserialize;
use xtask_db_schema::postgres::{Argument, Name, Object, Routine, Signature};

use super::reader::{Class, Oid, Reader};
use crate::Error;

/// What tells procedures apart are also the places of their results, so these have modes; those
/// of functions count for nothing. The server prints the schema of a routine always.
const ROUTINES: &str = "\
    SELECT p.oid::int8 AS oid, p.proname AS name, \
    CASE WHEN pg_function_is_visible(p.oid) THEN NULL ELSE n.nspname END AS schema, \
    CASE WHEN p.prokind = 'p' AND p.proallargtypes IS NOT NULL THEN \
     (SELECT string_agg(CASE m WHEN 'o' THEN 'OUT ' WHEN 'b' THEN 'INOUT ' \
      WHEN 'v' THEN 'VARIADIC ' ELSE 'IN ' END || format_type(t, NULL), ', ' ORDER BY i) \
      FROM unnest(p.proallargtypes, p.proargmodes) WITH ORDINALITY AS x (t, m, i)) \
     ELSE (SELECT coalesce(string_agg(format_type(t, NULL), ', ' ORDER BY i), '') \
      FROM unnest(p.proargtypes) WITH ORDINALITY AS x (t, i)) END AS signature, \
    p.prokind = 'p' AS procedure, \
    (SELECT coalesce(json_agg(json_build_object('mode', coalesce(m, 'i'), \
     'name', coalesce(s, ''), 'type_name', format_type(t, NULL)) ORDER BY i), '[]') \
     FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, \
     p.proargnames) WITH ORDINALITY AS x (t, m, s, i) WHERE t IS NOT NULL) AS arguments, \
    p.pronargdefaults AS defaults, pg_get_function_result(p.oid) AS result, \
    CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END AS body, \
    rtrim(pg_get_functiondef(p.oid), chr(10)) AS definition, \
    quote_ident(n.nspname) AS printed_schema, obj_description(p.oid, 'pg_proc') AS comment \
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
    WHERE p.prokind <> 'a' AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass \
    AND e.objid = p.oid AND e.deptype IN ('e', 'i'))";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    signature: String,
    procedure: bool,
    arguments: Vec<Argument>,
    defaults: usize,
    result: Option<String>,
    body: Option<String>,
    definition: String,
    printed_schema: String,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the routines", ROUTINES).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        let definition = definition(&row);
        let signature = Signature { name: row.name, arguments: row.signature };
        reader.know(Class::Routine, row.oid, Object::Routine(signature.clone()));
        let routine = Routine {
            procedure: row.procedure,
            arguments: row.arguments,
            defaults: row.defaults,
            result: row.result,
            definition,
            body: row.body,
            comment: row.comment,
        };
        reader.catalog.routines.insert(signature, routine);
    }
    Ok(())
}

/// Without CREATE OR REPLACE, and without the session's own schema.
fn definition(row: &Row) -> String {
    let text = row.definition.strip_prefix("CREATE OR REPLACE ").unwrap_or(&row.definition);
    let kind = if row.procedure { "PROCEDURE " } else { "FUNCTION " };
    let qualified = format!("{kind}{}.", row.printed_schema);
    match (&row.name.schema, text.strip_prefix(&qualified)) {
        (None, Some(rest)) => format!("{kind}{rest}"),
        _ => text.to_owned(),
    }
}
