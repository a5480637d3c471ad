//! Objects that are there and not in the model: their kinds and names.

use serde::Deserialize;
use xtask_db_schema::Unmodelled;

use super::depends;
use super::reader::{Oid, Reader};
use crate::Error;

/// Whatever can be made inside a database and no other reader reads. `schema` is the schema that
/// decides whether it is in the scope; none: it belongs to the whole database. `of` is what it
/// goes with.
const OBJECTS: &str = "\
    SELECT 'pg_proc'::regclass AS class, oid, pronamespace AS schema, NULL::oid AS of FROM pg_proc \
    WHERE prokind = 'a' \
    UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, c.relnamespace, c.oid \
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' \
    UNION ALL SELECT 'pg_statistic_ext'::regclass, s.oid, stxnamespace, stxrelid \
    FROM pg_statistic_ext s \
    UNION ALL SELECT 'pg_class'::regclass, oid, relnamespace, NULL FROM pg_class \
    WHERE relkind = 'f' \
    UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace, NULL FROM pg_type \
    WHERE typtype IN ('b', 'p') AND typcategory <> 'A' \
    UNION ALL SELECT 'pg_operator'::regclass, oid, oprnamespace, NULL FROM pg_operator \
    UNION ALL SELECT 'pg_opclass'::regclass, oid, opcnamespace, NULL FROM pg_opclass \
    UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfnamespace, NULL FROM pg_opfamily \
    UNION ALL SELECT 'pg_collation'::regclass, oid, collnamespace, NULL FROM pg_collation \
    UNION ALL SELECT 'pg_conversion'::regclass, oid, connamespace, NULL FROM pg_conversion \
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgnamespace, NULL FROM pg_ts_config \
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictnamespace, NULL FROM pg_ts_dict \
    UNION ALL SELECT 'pg_ts_parser'::regclass, oid, prsnamespace, NULL FROM pg_ts_parser \
    UNION ALL SELECT 'pg_ts_template'::regclass, oid, tmplnamespace, NULL FROM pg_ts_template \
    UNION ALL SELECT 'pg_cast'::regclass, oid, NULL, NULL FROM pg_cast \
    UNION ALL SELECT 'pg_transform'::regclass, oid, NULL, NULL FROM pg_transform \
    UNION ALL SELECT 'pg_language'::regclass, oid, NULL, NULL FROM pg_language \
    UNION ALL SELECT 'pg_am'::regclass, oid, NULL, NULL FROM pg_am \
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, NULL, NULL FROM pg_event_trigger \
    UNION ALL SELECT 'pg_publication'::regclass, oid, NULL, NULL FROM pg_publication \
    UNION ALL SELECT 'pg_subscription'::regclass, oid, NULL, NULL FROM pg_subscription \
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, NULL, NULL \
    FROM pg_foreign_data_wrapper \
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, NULL, NULL FROM pg_foreign_server \
    UNION ALL SELECT 'pg_user_mapping'::regclass, umid, NULL, NULL FROM pg_user_mappings";

/// Settings of modelled objects that no kind has, and what is no object at all.
const PARTS: &str = "\
    SELECT 'security label' AS kind, objtype || ' ' || objname AS name, \
    classoid::regclass::text AS of_class, objoid::int8 AS of FROM pg_seclabels \
    WHERE classoid = ANY ('{pg_class,pg_proc,pg_type,pg_namespace}'::regclass[]) \
    UNION ALL SELECT 'dependency on an extension', \
    pg_describe_object(d.classid, d.objid, 0) || ' on ' || e.extname, \
    d.classid::regclass::text, d.objid::int8 FROM pg_depend d \
    JOIN pg_extension e ON e.oid = d.refobjid WHERE d.deptype = 'x' \
    UNION ALL SELECT 'setting of a materialized view''s column', \
    c.relname || '.' || a.attname, 'pg_class', c.oid::int8 \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
    JOIN pg_type t ON t.oid = a.atttypid WHERE c.relkind = 'm' AND a.attnum > 0 \
    AND NOT a.attisdropped AND (EXISTS (SELECT FROM unnest(a.attoptions) o \
    WHERE o NOT LIKE 'pg\\_%') OR a.attstorage <> t.typstorage \
    OR a.attcompression <> '') \
    UNION ALL SELECT 'clustering of a materialized view', c.relname, 'pg_class', c.oid::int8 \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
    WHERE c.relkind = 'm' AND i.indisclustered \
    UNION ALL SELECT 'setting of the database', \
    coalesce(r.rolname || ': ', '') || split_part(one, '=', 1), NULL, NULL \
    FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase \
    LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) one \
    WHERE d.datname = current_database() \
    UNION ALL SELECT 'large objects', count(*)::text, NULL, NULL \
    FROM pg_largeobject_metadata HAVING count(*) > 0";

#[derive(Deserialize)]
struct Row {
    kind: String,
    name: String,
    of_class: Option<String>,
    of: Option<Oid>,
}

pub(super) async fn read(reader: &mut Reader<'_>) -> Result<(), Error> {
    let objects = format!(
        "SELECT i.type AS kind, replace(i.identity, quote_ident(current_schema()) || '.', '') \
         AS name, CASE WHEN x.of IS NOT NULL THEN 'pg_class' END AS of_class, x.of::int8 AS of \
         FROM ({OBJECTS}) x LEFT JOIN pg_namespace n ON n.oid = x.schema, \
         pg_identify_object(x.class, x.oid, 0) i WHERE x.oid >= 16384 AND (x.schema IS NULL \
         OR n.nspname = ANY (current_setting('xtask_db.schemas')::text[])) \
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = x.class AND e.objid = x.oid \
         AND e.deptype = 'e')"
    );
    let doing = "reading the objects that are not in the model";
    let mut rows = reader.rows::<Row>(doing, &objects).await?;
    rows.extend(reader.rows::<Row>(doing, PARTS).await?);
    for row in rows {
        if reader.keeps(&row.name) {
            continue;
        }
        reader.name(&row.kind, &row.name);
        let of = row.of_class.zip(row.of);
        if let Some(object) = of.and_then(|(class, of)| depends::part(reader, &class, of, 0)) {
            let one = Unmodelled { kind: row.kind, name: row.name };
            reader.catalog.hanging.entry(object).or_default().insert(one);
        }
    }
    Ok(())
}
