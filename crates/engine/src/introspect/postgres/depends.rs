//! What each object needs, as the server has noted it.

use serde::Deserialize;
use xtask_db_schema::postgres::{Object, ReplicaIdentity};

use super::extensions;
use super::reader::{Class, Oid, Reader};
use crate::Error;

/// System catalogs and what their rows are.
const CLASSES: [(&str, Class); 10] = [
    ("pg_namespace", Class::Namespace),
    ("pg_extension", Class::Extension),
    ("pg_type", Class::Type),
    ("pg_class", Class::Relation),
    ("pg_proc", Class::Routine),
    ("pg_constraint", Class::Constraint),
    ("pg_attrdef", Class::Default),
    ("pg_rewrite", Class::Rule),
    ("pg_trigger", Class::Trigger),
    ("pg_policy", Class::Policy),
];

/// A table's row type is the table, an array type is its element's.
const TYPES: &str = "\
    SELECT t.oid::int8 AS oid, CASE WHEN e.oid IS NOT NULL THEN e.typrelid ELSE t.typrelid \
    END::int8 AS relation, coalesce(e.oid, 0)::int8 AS element FROM pg_type t \
    LEFT JOIN pg_type e ON e.typarray = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace \
    WHERE (t.typrelid <> 0 OR e.oid IS NOT NULL) AND t.oid >= 16384 \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[])";

/// The rule that is a view's query.
const RULES: &str = "SELECT oid::int8 AS oid, ev_class::int8 AS relation FROM pg_rewrite \
    WHERE oid >= 16384 AND rulename = '_RETURN'";

/// A sequence needs its owner only to be dropped with it; that is an object of its own.
const NEEDS: &str = "\
    SELECT d.classid::regclass::text AS class, d.objid::int8 AS oid, d.objsubid::int2 AS number, \
    d.refclassid::regclass::text AS needed_class, d.refobjid::int8 AS needed, \
    d.refobjsubid::int2 AS needed_number FROM pg_depend d \
    WHERE d.objid >= 16384 AND d.deptype <> 'e' \
    AND (d.refobjid >= 16384)";

#[derive(Deserialize)]
struct TypeRow {
    oid: Oid,
    relation: Oid,
    element: Oid,
}

#[derive(Deserialize)]
struct RuleRow {
    oid: Oid,
    relation: Oid,
}

#[derive(Deserialize)]
struct Row {
    class: String,
    oid: Oid,
    number: i16,
    needed_class: String,
    needed: Oid,
    needed_number: i16,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<TypeRow>("reading the types of tables", TYPES).await? {
        let element = reader.object(Class::Type, row.element);
        let relation = || reader.object(Class::Relation, row.relation);
        if let Some(object) = element.or_else(relation).cloned() {
            reader.know(Class::Type, row.oid, object);
        }
    }
    for row in reader.rows::<RuleRow>("reading the rules", RULES).await? {
        if let Some(object) = reader.object(Class::Relation, row.relation).cloned() {
            reader.know(Class::Rule, row.oid, object);
        }
    }
    for row in reader.rows::<Row>("reading what objects need", NEEDS).await? {
        let object = part(reader, &row.class, row.oid, row.number);
        let needed = part(reader, &row.needed_class, row.needed, row.needed_number);
        if let (Some(object), Some(needed)) = (object, needed) {
            add(reader, object, needed);
        }
    }
    owners(reader);
    extensions::needs(reader).await
}

/// The object that a row of a system catalog is or belongs to, when it is in the scope.
pub(super) fn part(reader: &Reader<'_>, class: &str, oid: Oid, number: i16) -> Option<Object> {
    let (_, class) = CLASSES.iter().find(|(name, _)| *name == class)?;
    reader.part(*class, oid, number).cloned()
}

fn add(reader: &mut Reader<'_>, object: Object, needed: Object) {
    // The column goes with the sequence that it owns, not the other way round.
    let owned = matches!(object, Object::Sequence(_))
        && matches!(needed, Object::Table(_) | Object::Column(_));
    // That a table is a partition is an object of its own.
    let part = match (&object, &needed) {
        (Object::Table(name), Object::Table(_)) => {
            reader.catalog.tables.get(name).is_some_and(|table| table.partition_of.is_some())
        }
        _ => false,
    };
    if object != needed && !owned && !part {
        reader.catalog.depends.entry(object).or_default().insert(needed);
    }
}

/// Parts that no row of a system catalog stands for.
fn owners(reader: &mut Reader<'_>) {
    let mut found = Vec::new();
    for (name, sequence) in &reader.catalog.sequences {
        if let Some(owner) = &sequence.owner {
            let object = Object::SequenceOwner(name.clone());
            found.push((object.clone(), Object::Sequence(name.clone())));
            found.push((object, Object::Column(owner.clone())));
        }
    }
    for (name, table) in &reader.catalog.tables {
        let index = |index: &String| match table.constraints.contains_key(index) {
            true => Object::Constraint(name.member(index)),
            false => Object::Index(name.beside(index)),
        };
        if let Some(part) = &table.partition_of {
            let object = Object::Attachment(name.clone());
            found.push((object.clone(), Object::Table(name.clone())));
            found.push((object, Object::Table(part.parent.clone())));
        }
        if let Some(ReplicaIdentity::Index(on)) = &table.replica_identity {
            found.push((Object::ReplicaIdentity(name.clone()), index(on)));
        }
        if let Some(on) = &table.clustered_on {
            found.push((Object::Clustering(name.clone()), index(on)));
        }
    }
    for (name, index) in &reader.catalog.indexes {
        if let Some(whole) = &index.part_of {
            let object = Object::IndexAttachment(name.clone());
            found.push((object.clone(), Object::Index(name.clone())));
            found.push((object, Object::Index(whole.clone())));
        }
    }
    for (object, needed) in found {
        add(reader, object, needed);
    }
}
