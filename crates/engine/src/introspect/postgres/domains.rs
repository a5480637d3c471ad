//! Domains and their conditions.

use std::collections::BTreeMap;

use serde::Deserialize;
use xtask_db_schema::postgres::{Domain, DomainCheck, Name, Object};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const DOMAINS: &str = "\
    SELECT t.oid::int8 AS oid, t.typname AS name, \
    CASE WHEN pg_type_is_visible(t.oid) THEN NULL ELSE n.nspname END AS schema, \
    format_type(t.typbasetype, t.typtypmod) AS base, \
    CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END \
    AS collation, pg_get_expr(t.typdefaultbin, 0) AS default, t.typnotnull AS not_null, \
    obj_description(t.oid, 'pg_type') AS comment \
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
    JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd' \
    AND n.nspname = ANY (current_setting('xtask_db.schemas')::text[]) \
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass \
    AND e.objid = t.oid AND e.deptype = 'e')";

const CHECKS: &str = "\
    SELECT c.oid::int8 AS oid, c.contypid::int8 AS domain, c.conname AS name, \
    pg_get_constraintdef(c.oid) AS definition, obj_description(c.oid, 'pg_constraint') AS comment \
    FROM pg_constraint c WHERE c.contypid <> 0 AND c.contype = 'c'";

#[derive(Deserialize)]
struct Row {
    oid: Oid,
    #[serde(flatten)]
    name: Name,
    base: String,
    collation: Option<String>,
    default: Option<String>,
    not_null: bool,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct CheckRow {
    oid: Oid,
    domain: Oid,
    name: String,
    definition: String,
    comment: Option<String>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<Row>("reading the domains", DOMAINS).await? {
        if reader.keeps(&row.name.name) {
            continue;
        }
        reader.know(Class::Type, row.oid, Object::Type(row.name.clone()));
        let Row { base, collation, default, not_null, comment, .. } = row;
        let checks = BTreeMap::new();
        let domain = Domain { base, collation, default, not_null, checks, comment };
        reader.catalog.domains.insert(row.name, domain);
    }
    for row in reader.rows::<CheckRow>("reading the checks of domains", CHECKS).await? {
        let Some(Object::Type(name)) = reader.object(Class::Type, row.domain).cloned() else {
            continue;
        };
        reader.know(Class::Constraint, row.oid, Object::DomainCheck(name.member(&row.name)));
        if let Some(domain) = reader.catalog.domains.get_mut(&name) {
            let check = DomainCheck { definition: row.definition, comment: row.comment };
            domain.checks.insert(row.name, check);
        }
    }
    Ok(())
}
