//! Ledgers of other tools: which are there, and the rows of those that can be taken over.

use xtask_db_sql::{Dialect, ident};

use crate::ledger::undefined_table;
use crate::{Error, Session, clock};

/// A migration tool whose ledger is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignTool {
    /// `_prisma_migrations`.
    Prisma,
    /// `_sqlx_migrations`.
    Sqlx,
    /// `__diesel_schema_migrations`.
    Diesel,
    /// `refinery_schema_history`.
    Refinery,
    /// `seaql_migrations`.
    SeaOrm,
    /// `flyway_schema_history`.
    Flyway,
    /// `schema_migrations`: Rails, dbmate, golang-migrate and others.
    SchemaMigrations,
    /// `django_migrations`.
    Django,
    /// `alembic_version`.
    Alembic,
    /// `databasechangelog`.
    Liquibase,
    /// `goose_db_version`.
    Goose,
    /// `atlas_schema_revisions`.
    Atlas,
    /// `__drizzle_migrations`.
    Drizzle,
    /// A ledger of this tool under another table name.
    XtaskDb,
}

/// A ledger that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignLedger {
    /// Whose.
    pub tool: ForeignTool,
    /// The table.
    pub table: String,
}

/// A row of sqlx's, diesel's or Prisma's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRow {
    /// The version's text; Prisma: the migration's name.
    pub version: String,
    /// sqlx: the description.
    pub description: Option<String>,
    /// sqlx: it succeeded; Prisma: it is finished and not rolled back; diesel: always.
    pub success: bool,
    /// Hex; sqlx: SHA-384, Prisma: SHA-256.
    pub checksum: Option<String>,
    /// When it was applied, the server's text.
    pub applied_at: String,
}

/// Each ledger's table. Liquibase writes its own in capitals on some servers.
const TABLES: [(&str, ForeignTool); 14] = [
    ("_prisma_migrations", ForeignTool::Prisma),
    ("_sqlx_migrations", ForeignTool::Sqlx),
    ("__diesel_schema_migrations", ForeignTool::Diesel),
    ("refinery_schema_history", ForeignTool::Refinery),
    ("seaql_migrations", ForeignTool::SeaOrm),
    ("flyway_schema_history", ForeignTool::Flyway),
    ("schema_migrations", ForeignTool::SchemaMigrations),
    ("django_migrations", ForeignTool::Django),
    ("alembic_version", ForeignTool::Alembic),
    ("databasechangelog", ForeignTool::Liquibase),
    ("goose_db_version", ForeignTool::Goose),
    ("atlas_schema_revisions", ForeignTool::Atlas),
    ("__drizzle_migrations", ForeignTool::Drizzle),
    ("_xtask_db_migrations", ForeignTool::XtaskDb),
];

/// Tables that belong to a ledger without being one.
const COMPANIONS: [&str; 3] =
    ["databasechangeloglock", "ar_internal_metadata", "refinery_schema_history_lock"];

impl ForeignTool {
    /// The ledger's table.
    #[must_use]
    pub fn table(self) -> &'static str {
        TABLES.iter().find(|(_, tool)| *tool == self).map_or("", |(table, _)| table)
    }
}

/// The ledgers among these tables; `own` is the one in use.
pub(crate) fn among(tables: &[String], own: &str) -> Vec<ForeignLedger> {
    let known = |table: &&String| table.as_str() != own;
    tables
        .iter()
        .filter(known)
        .filter_map(|table| Some(ForeignLedger { tool: tool_of(table)?, table: table.clone() }))
        .collect()
}

/// Whether a table belongs to another tool's ledger; `own` is the one in use.
pub(crate) fn is_foreign(table: &str, own: &str) -> bool {
    let companion = COMPANIONS.iter().any(|name| table.eq_ignore_ascii_case(name));
    table != own && (companion || tool_of(table).is_some())
}

fn tool_of(table: &str) -> Option<ForeignTool> {
    let found = TABLES.iter().find(|(name, _)| table.eq_ignore_ascii_case(name));
    found.map(|(_, tool)| *tool)
}

/// The rows of another tool's ledger in the session's schema, oldest first; none when it has no
/// such table.
pub(crate) async fn read_rows(
    session: &mut Session,
    tool: ForeignTool,
) -> Result<Option<Vec<ForeignRow>>, Error> {
    let table = tool.table();
    let Some(columns) = columns(session.dialect(), tool) else {
        return Err(Error::LedgerShape {
            table: table.to_owned(),
            problem: "the ledgers of sqlx, diesel and Prisma can be read".to_owned(),
        });
    };
    let sql = format!(
        "SELECT {} FROM {} ORDER BY {}",
        columns.select.join(", "),
        beside_ledger(session, table),
        columns.order
    );
    match session.ask(&sql).await {
        Ok(rows) => Ok(Some(rows.into_iter().map(row).collect())),
        Err(error) if undefined_table(&error) => Ok(None),
        Err(error) => Err(Error::Server { doing: "reading another tool's ledger", error }),
    }
}

/// A table of the session's schema, qualified and quoted.
fn beside_ledger(session: &Session, table: &str) -> String {
    let dialect = session.dialect();
    match (dialect, &session.names.schema) {
        (Dialect::Sqlite, _) => format!("main.{}", ident(dialect, table)),
        (_, Some(schema)) => format!("{}.{}", ident(dialect, schema), ident(dialect, table)),
        (_, None) => ident(dialect, table),
    }
}

/// What is selected: version, description, success (1 or 0), checksum, time.
struct Columns {
    select: [String; 5],
    order: &'static str,
}

fn columns(dialect: Dialect, tool: ForeignTool) -> Option<Columns> {
    let text = |column: &str| match dialect {
        Dialect::Mysql => format!("CAST({column} AS CHAR)"),
        _ => format!("CAST({column} AS TEXT)"),
    };
    let flag = |condition: &str| format!("CASE WHEN {condition} THEN '1' ELSE '0' END");
    let null = || text("NULL");
    Some(match tool {
        ForeignTool::Sqlx => Columns {
            select: [
                text("version"),
                text("description"),
                flag("success"),
                match dialect {
                    Dialect::Postgres => "encode(checksum, 'hex')".to_owned(),
                    _ => "lower(hex(checksum))".to_owned(),
                },
                clock::shown(dialect, "installed_on"),
            ],
            order: "version",
        },
        ForeignTool::Diesel => {
            // A timestamp without a zone, in UTC.
            let at = match dialect {
                Dialect::Postgres => "to_char(run_on, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')".into(),
                _ => clock::shown(dialect, "run_on"),
            };
            let select = [text("version"), null(), flag("1 = 1"), null(), at];
            Columns { select, order: "version" }
        }
        ForeignTool::Prisma => Columns {
            select: [
                text("migration_name"),
                null(),
                flag("finished_at IS NOT NULL AND rolled_back_at IS NULL"),
                text("checksum"),
                clock::shown(dialect, "coalesce(finished_at, started_at)"),
            ],
            order: "started_at, migration_name",
        },
        _ => return None,
    })
}

fn row(values: Vec<Option<String>>) -> ForeignRow {
    let mut values = values.into_iter();
    let mut next = || values.next().flatten();
    ForeignRow {
        version: next().unwrap_or_default(),
        description: next(),
        success: next().as_deref() == Some("1"),
        checksum: next(),
        applied_at: next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ledgers_are_told_from_tables() {
        let check = |tables: &[&str], own: &str, expected: &[ForeignTool]| {
            let tables: Vec<String> = tables.iter().map(|&table| table.to_owned()).collect();
            let found: Vec<_> = among(&tables, own).iter().map(|ledger| ledger.tool).collect();
            assert_eq!(found, expected, "{tables:?}");
        };
        check(&["users", "migrations"], "_xtask_db_migrations", &[]);
        check(&["_sqlx_migrations", "users"], "_xtask_db_migrations", &[ForeignTool::Sqlx]);
        check(&["_prisma_migrations"], "_prisma_migrations", &[]);
        check(&["_prisma_migrations"], "_xtask_db_migrations", &[ForeignTool::Prisma]);
        check(&["_xtask_db_migrations"], "other", &[ForeignTool::XtaskDb]);
        check(&["DATABASECHANGELOG"], "l", &[ForeignTool::Liquibase]);
        assert!(is_foreign("DATABASECHANGELOGLOCK", "l"));
        assert!(!is_foreign("users", "l"));
        assert!(!is_foreign("_prisma_migrations", "_prisma_migrations"));
    }

    #[test]
    fn every_tool_has_a_table() {
        for (table, tool) in TABLES {
            assert_eq!(tool.table(), table);
        }
    }
}
