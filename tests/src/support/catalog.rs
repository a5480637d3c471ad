//! The schema of a database as text, for comparing two databases: ours against a clean replay.

use super::{Database, Kind};

/// Tables of the tool are not part of a schema.
const OWN: &str = "_xtask_db_";
const OTHER_LEDGERS: [&str; 3] = ["_prisma_migrations", "_sqlx_migrations", "__diesel"];

/// One line per object, in an order that does not depend on how they came to be.
#[must_use]
pub fn catalog(database: &Database) -> String {
    let queries: &[&str] = match database.kind() {
        Kind::Sqlite => &SQLITE,
        Kind::Postgres | Kind::PgBouncer => &POSTGRES,
        Kind::MariaDb => &MARIADB,
    };
    let mut lines = Vec::new();
    for query in queries {
        for row in database.rows(query) {
            let fields: Vec<String> =
                row.into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect();
            lines.push(fields.join(" | "));
        }
    }
    lines.retain(|line| {
        !line.contains(OWN) && !OTHER_LEDGERS.iter().any(|ledger| line.contains(ledger))
    });
    lines.sort();
    lines.join("\n")
}

const SQLITE: [&str; 1] =
    ["SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"];

const POSTGRES: [&str; 6] = [
    "SELECT 'column', table_schema, table_name, ordinal_position, column_name, data_type, \
     udt_name, character_maximum_length, is_nullable, column_default, is_identity, \
     generation_expression FROM information_schema.columns \
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
    "SELECT 'index', schemaname, tablename, indexname, indexdef FROM pg_indexes \
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    "SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated \
     FROM pg_constraint WHERE connamespace NOT IN \
     ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)",
    "SELECT 'trigger', tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger \
     WHERE NOT tgisinternal",
    "SELECT 'routine', p.oid::regprocedure, md5(pg_get_functiondef(p.oid)) FROM pg_proc p \
     WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) \
     AND p.prokind IN ('f', 'p')",
    "SELECT 'type', t.typnamespace::regnamespace, t.typname, e.enumlabel, e.enumsortorder \
     FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typtype IN ('e', 'd') \
     AND t.typnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)",
];

const MARIADB: [&str; 5] = [
    "SELECT 'column', table_name, ordinal_position, column_name, column_type, is_nullable, \
     column_default, extra, collation_name FROM information_schema.columns \
     WHERE table_schema = DATABASE()",
    "SELECT 'index', table_name, index_name, seq_in_index, column_name, non_unique \
     FROM information_schema.statistics WHERE table_schema = DATABASE()",
    "SELECT 'constraint', table_name, constraint_name, constraint_type \
     FROM information_schema.table_constraints WHERE table_schema = DATABASE()",
    "SELECT 'trigger', trigger_name, event_object_table, action_timing, event_manipulation, \
     action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    "SELECT 'routine', routine_type, routine_name, md5(routine_definition) \
     FROM information_schema.routines WHERE routine_schema = DATABASE()",
];
