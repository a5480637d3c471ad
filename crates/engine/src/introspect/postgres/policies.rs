//! Row security and its policies.

use serde::Deserialize;
use xtask_db_schema::postgres::{Object, Policy, RowSecurity, reprinted};

use super::reader::{Class, Oid, Reader};
use crate::Error;

const ROW_SECURITY: &str = "\
    SELECT c.oid::int8 AS relation, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced \
    FROM pg_class c WHERE c.relrowsecurity OR c.relforcerowsecurity";

const POLICIES: &str = "\
    SELECT p.oid::int8 AS oid, p.polrelid::int8 AS relation, p.polname AS name, \
    p.polpermissive AS permissive, CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' \
    WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command, \
    (SELECT coalesce(json_agg(r.rolname ORDER BY r.rolname), '[]') FROM pg_roles r \
     WHERE r.oid = ANY (p.polroles)) AS roles, \
    pg_get_expr(p.polqual, p.polrelid) AS using, \
    pg_get_expr(p.polwithcheck, p.polrelid) AS check, \
    obj_description(p.oid, 'pg_policy') AS comment FROM pg_policy p";

#[derive(Deserialize)]
struct SecurityRow {
    relation: Oid,
    #[serde(flatten)]
    security: RowSecurity,
}

#[derive(Deserialize)]
struct PolicyRow {
    oid: Oid,
    relation: Oid,
    name: String,
    #[serde(flatten)]
    policy: Policy,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    for row in reader.rows::<SecurityRow>("reading the row security", ROW_SECURITY).await? {
        if let Some(table) = reader.relation(row.relation).cloned() {
            reader.catalog.row_security.insert(table, row.security);
        }
    }
    for mut row in reader.rows::<PolicyRow>("reading the policies", POLICIES).await? {
        let Some(table) = reader.relation(row.relation).cloned() else { continue };
        for condition in [&mut row.policy.using, &mut row.policy.check].into_iter().flatten() {
            *condition = reprinted(condition);
        }
        let member = table.member(&row.name);
        reader.know(Class::Policy, row.oid, Object::Policy(member.clone()));
        reader.catalog.policies.insert(member, row.policy);
    }
    Ok(())
}
