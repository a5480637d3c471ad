//! Owners, and what is granted to others than the owner.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use xtask_db_schema::postgres::{DefaultPrivilege, Grant, Object, Privileges};

use super::depends;
use super::reader::{Oid, Reader};
use crate::Error;

/// Objects with an owner in the managed schemas; `kind` is that of `pg_default_acl`.
const OBJECTS: &str = "\
    SELECT x.*, me.oid AS me FROM (\
     SELECT 'pg_class' AS class, oid, relnamespace AS schema, relowner AS owner, relacl AS acl, \
     CASE relkind WHEN 'S' THEN 'S' ELSE 'r' END AS kind FROM pg_class \
     WHERE relkind IN ('r', 'p', 'v', 'm', 'S') \
     UNION ALL SELECT 'pg_proc', oid, pronamespace, proowner, proacl, 'f' FROM pg_proc \
     UNION ALL SELECT 'pg_type', oid, typnamespace, typowner, typacl, 'T' FROM pg_type \
     WHERE typtype IN ('d', 'e', 'r', 'c') AND NOT EXISTS (SELECT FROM pg_class c \
     WHERE c.oid = typrelid AND c.relkind <> 'c') \
     UNION ALL SELECT 'pg_namespace', oid, oid, nspowner, nspacl, 'n' FROM pg_namespace) x \
    JOIN pg_namespace n ON n.oid = x.schema JOIN pg_roles me ON me.rolname = current_user \
    WHERE n.nspname = current_schema() \
    OR n.nspname = ANY (current_setting('xtask_db.schemas')::text[])";

/// What each object grants (`has`), and what a new one of this role would grant (`born`).
const LISTS: &str = "\
    SELECT class, oid, owner, owner AS giver, NULL::name AS part, true AS has, \
    coalesce(acl, acldefault(translate(kind, 'S', 's')::\"char\", owner)) AS acl FROM object \
    UNION ALL SELECT class, o.oid, owner, me, NULL, false, \
    coalesce(d.defaclacl, acldefault(translate(kind, 'S', 's')::\"char\", me)) FROM object o \
    LEFT JOIN pg_default_acl d ON d.defaclrole = me AND d.defaclnamespace = 0 \
    AND d.defaclobjtype = kind::\"char\" \
    UNION ALL SELECT class, o.oid, owner, me, NULL, false, d.defaclacl FROM object o \
    JOIN pg_default_acl d ON d.defaclrole = me AND d.defaclnamespace = schema \
    AND d.defaclobjtype = kind::\"char\" \
    UNION ALL SELECT class, o.oid, owner, owner, a.attname, true, a.attacl FROM object o \
    JOIN pg_attribute a ON class = 'pg_class' AND a.attrelid = o.oid AND NOT a.attisdropped \
    WHERE a.attacl IS NOT NULL";

/// What is granted by default, and what would be without these settings.
const DEFAULTS: &str = "\
    SELECT nullif(m.rolname, current_user) AS maker, n.nspname AS schema, \
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN \
    'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS kind, w.has, r.rolname AS role, \
    x.privilege_type AS privilege, x.is_grantable AS grantable, NULL AS column \
    FROM pg_default_acl d JOIN pg_roles m ON m.oid = d.defaclrole \
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace \
    CROSS JOIN LATERAL (VALUES (true, d.defaclacl), (false, CASE WHEN n.oid IS NULL THEN \
    acldefault(translate(d.defaclobjtype::text, 'S', 's')::\"char\", m.oid) END)) w (has, acl), \
    aclexplode(w.acl) x LEFT JOIN pg_roles r ON r.oid = x.grantee WHERE x.grantee <> m.oid \
    AND (n.oid IS NULL OR n.nspname = current_schema() \
    OR n.nspname = ANY (current_setting('xtask_db.schemas')::text[]))";

#[derive(Deserialize)]
struct OwnerRow {
    class: String,
    oid: Oid,
    owner: String,
}

#[derive(Deserialize)]
struct GrantRow {
    class: String,
    oid: Oid,
    has: bool,
    #[serde(flatten)]
    grant: Grant,
}

#[derive(Deserialize)]
struct DefaultRow {
    maker: Option<String>,
    schema: Option<String>,
    kind: String,
    has: bool,
    #[serde(flatten)]
    grant: Grant,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    owners(reader).await?;
    grants(reader).await?;
    defaults(reader).await
}

async fn owners(reader: &mut Reader<'_>) -> Result<(), Error> {
    let sql = format!(
        "SELECT o.class, o.oid::int8 AS oid, r.rolname AS owner FROM ({OBJECTS}) o \
         JOIN pg_roles r ON r.oid = o.owner WHERE o.owner <> o.me"
    );
    for row in reader.rows::<OwnerRow>("reading the owners", &sql).await? {
        if let Some(object) = depends::part(reader, &row.class, row.oid, 0) {
            reader.catalog.privileges.entry(object).or_default().owner = Some(row.owner);
        }
    }
    Ok(())
}

async fn grants(reader: &mut Reader<'_>) -> Result<(), Error> {
    let sql = format!(
        "WITH object AS ({OBJECTS}) SELECT l.class, l.oid::int8 AS oid, l.has, l.part AS column, \
         r.rolname AS role, x.privilege_type AS privilege, x.is_grantable AS grantable \
         FROM ({LISTS}) l, aclexplode(l.acl) x LEFT JOIN pg_roles r ON r.oid = x.grantee \
         WHERE x.grantee NOT IN (l.owner, l.giver)"
    );
    let mut found: BTreeMap<Object, Privileges> = BTreeMap::new();
    for row in reader.rows::<GrantRow>("reading what is granted", &sql).await? {
        let Some(object) = depends::part(reader, &row.class, row.oid, 0) else { continue };
        let privileges = found.entry(object).or_default();
        let list = if row.has { &mut privileges.given } else { &mut privileges.taken };
        list.insert(row.grant);
    }
    for (object, all) in found {
        let given = &all.given - &all.taken;
        let taken = &all.taken - &all.given;
        if !given.is_empty() || !taken.is_empty() {
            let privileges = reader.catalog.privileges.entry(object).or_default();
            (privileges.given, privileges.taken) = (given, taken);
        }
    }
    Ok(())
}

async fn defaults(reader: &mut Reader<'_>) -> Result<(), Error> {
    let (mut has, mut born) = (BTreeSet::new(), BTreeSet::new());
    for row in reader.rows::<DefaultRow>("reading what is granted by default", DEFAULTS).await? {
        let DefaultRow { maker, schema, kind, grant, .. } = row;
        let list = if row.has { &mut has } else { &mut born };
        list.insert(DefaultPrivilege { maker, schema, kind, grant, taken: false });
    }
    let taken = (&born - &has).into_iter().map(|one| DefaultPrivilege { taken: true, ..one });
    reader.catalog.default_privileges = (&has - &born).into_iter().chain(taken).collect();
    Ok(())
}
