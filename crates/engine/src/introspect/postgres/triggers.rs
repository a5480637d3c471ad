//! Triggers of tables and views.

use serde::Deserialize;
use xtask_db_schema::postgres::{Fires, Object, Trigger, reprinted};

use super::reader::{Class, Oid, Reader};
use crate::Error;

/// The server prints the schema of the table always; the first place where it stands is taken.
const TRIGGERS: &str = "\
    SELECT t.oid::int8 AS oid, t.tgrelid::int8 AS relation, t.tgname AS name, \
    nullif(t.tgconstraint, 0)::int8 AS constraint, \
    t.tgenabled::text AS fires, above.tgenabled::text AS above, \
    CASE WHEN above.oid IS NULL THEN pg_get_triggerdef(t.oid) END AS definition, \
    format(' ON %I.%I ', n.nspname, c.relname) AS printed, \
    obj_description(t.oid, 'pg_trigger') AS comment \
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
    JOIN pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_trigger above ON above.oid = t.tgparentid \
    WHERE NOT t.tgisinternal \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_trigger'::regclass \
    AND e.objid = t.oid AND e.deptype = 'e')";

/// Triggers that keep a foreign key and were switched off or on.
const SWITCHED: &str = "\
    SELECT t.tgrelid::int8 AS relation, coalesce(k.conname, t.tgname) AS name \
    FROM pg_trigger t LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint \
    WHERE t.tgisinternal AND t.tgenabled <> 'O'";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    relation: Oid,
    name: String,
    constraint: Option<Oid>,
    fires: Fires,
    above: Option<Fires>,
    definition: Option<String>,
    printed: String,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct SwitchedRow {
    relation: Oid,
    name: String,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the triggers", TRIGGERS).await? {
        let Some(relation) = reader.relation(row.relation).cloned() else { continue };
        let written = format!(" ON {relation} ");
        let definition = row.definition.map(|text| text.replacen(&row.printed, &written, 1));
        let member = relation.member(&row.name);
        let object = Object::Trigger(member.clone());
        if let Some(constraint) = row.constraint {
            reader.know(Class::Constraint, constraint, object.clone());
        }
        reader.know(Class::Trigger, row.oid, object);
        let trigger = Trigger {
            definition: definition.as_deref().map(reprinted),
            fires: row.fires,
            above: row.above,
            comment: row.comment,
        };
        reader.catalog.triggers.insert(member, trigger);
    }
    let doing = "reading the triggers of foreign keys";
    for row in reader.rows::<SwitchedRow>(doing, SWITCHED).await? {
        if let Some(relation) = reader.relation(row.relation).cloned() {
            let name = relation.member(&row.name).plain();
            reader.name("switched trigger of a foreign key", &name);
        }
    }
    Ok(())
}
