//! Other tools' ledgers: found, read, and taken over.

use xtask_db_engine::{DeployOptions, Error, ForeignTool, adopt_rows, applied_elsewhere};
use xtask_db_sql::Dialect;

use crate::place::{done, look, open, problem, runs};
use crate::support::{databases, history};

fn sqlx_ledger(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
             checksum BLOB NOT NULL, execution_time BIGINT NOT NULL); \
             INSERT INTO _sqlx_migrations VALUES (2, 'b', '2026-01-02 03:04:06', 0, x'BB', 1), \
             (1, 'a', '2026-01-02 03:04:05', 1, x'AA', 1);"
        }
        Dialect::Postgres => {
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, \
             checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL); \
             INSERT INTO _sqlx_migrations VALUES \
             (2, 'b', '2026-01-02T03:04:06Z', false, '\\xBB', 1), \
             (1, 'a', '2026-01-02T03:04:05Z', true, '\\xAA', 1);"
        }
        Dialect::Mysql => {
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on DATETIME NOT NULL, success BOOLEAN NOT NULL, \
             checksum BLOB NOT NULL, execution_time BIGINT NOT NULL); \
             INSERT INTO _sqlx_migrations VALUES (2, 'b', '2026-01-02 03:04:06', 0, x'BB', 1), \
             (1, 'a', '2026-01-02 03:04:05', 1, x'AA', 1);"
        }
    }
}

#[tokio::test]
async fn a_ledger_of_sqlx_is_read_and_adopted() {
    for database in databases("sqlx").await {
        let dialect = database.url.dialect();
        let history = history(dialect, &["CREATE TABLE a (id INT)", "CREATE TABLE b (id INT)"]);
        let mut session = open(&database.url, &history).await;
        let none = applied_elsewhere(&mut session, ForeignTool::Sqlx).await.unwrap();
        assert_eq!(none, None, "{dialect}");
        assert!(runs(&mut session, sqlx_ledger(dialect)).await, "{dialect}");
        let rows = applied_elsewhere(&mut session, ForeignTool::Sqlx).await.unwrap().unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.version.as_str(), row.success, row.checksum.as_deref()))
            .collect();
        assert_eq!(shown, [("1", true, Some("aa")), ("2", false, Some("bb"))], "{dialect}");
        assert_eq!(rows[0].description.as_deref(), Some("a"));
        assert_eq!(rows[0].applied_at, "2026-01-02T03:04:05.000Z", "{dialect}");

        let seen = look(&mut session, &history).await.ledger;
        assert!(seen.unmanaged(), "{dialect}");
        assert_eq!(seen.foreign[0].tool, ForeignTool::Sqlx, "{dialect}");

        let ids = [(history.migrations[0].id.clone(), Some(rows[0].applied_at.clone()))];
        let options = DeployOptions::default();
        let report = adopt_rows(&mut session, &history, &ids, &options).await.unwrap();
        assert_eq!(report.changed, ["1_m"], "{dialect}");
        let seen = look(&mut session, &history).await;
        assert_eq!(seen.survey.applied[0].started_at, "2026-01-02T03:04:05.000Z", "{dialect}");
        assert_eq!(seen.survey.pending.len(), 1, "{dialect}");
        assert_eq!(seen.ledger.environment(), Some("deployed"));
        let again = adopt_rows(&mut session, &history, &ids, &options).await.unwrap();
        assert_eq!(again.unchanged, ["1_m"], "{dialect}");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn ledgers_of_diesel_and_prisma_are_read() {
    for database in databases("diesel").await {
        let dialect = database.url.dialect();
        let history = history(dialect, &["CREATE TABLE a (id INT)"]);
        let mut session = open(&database.url, &history).await;
        let tables = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY, \
             run_on TIMESTAMP NOT NULL); \
             INSERT INTO __diesel_schema_migrations VALUES ('00000000000000', \
             '2026-01-02 03:04:05'); \
             CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64), \
             finished_at TIMESTAMP NULL, migration_name VARCHAR(255), \
             rolled_back_at TIMESTAMP NULL, started_at TIMESTAMP NULL); \
             INSERT INTO _prisma_migrations VALUES ('x', 'cc', '2026-01-02 03:04:05', '1_m', NULL, \
             '2026-01-02 03:04:05'), ('y', 'dd', NULL, '2_m', NULL, '2026-01-02 03:04:06');";
        assert!(runs(&mut session, tables).await, "{dialect}");
        let rows = applied_elsewhere(&mut session, ForeignTool::Diesel).await.unwrap().unwrap();
        assert_eq!(rows[0].version, "00000000000000", "{dialect}");
        assert_eq!(rows[0].applied_at, "2026-01-02T03:04:05.000Z", "{dialect}");
        assert!(rows[0].success);
        let rows = applied_elsewhere(&mut session, ForeignTool::Prisma).await.unwrap().unwrap();
        let shown: Vec<_> = rows.iter().map(|row| (row.version.as_str(), row.success)).collect();
        assert_eq!(shown, [("1_m", true), ("2_m", false)], "{dialect}");
        let other = applied_elsewhere(&mut session, ForeignTool::Flyway).await;
        assert!(matches!(other, Err(Error::LedgerShape { .. })), "{other:?}");
        let found = look(&mut session, &history).await.ledger.foreign;
        assert_eq!(found.len(), 2, "{dialect}: {found:?}");
        done(session, &database.url).await;
    }
}

#[tokio::test]
async fn adopting_is_all_or_nothing() {
    for database in databases("nothing").await {
        let history = history(database.url.dialect(), &["CREATE TABLE a (id INT)"]);
        let mut session = open(&database.url, &history).await;
        let ids = [(history.migrations[0].id.clone(), None), ("9_unknown".parse().unwrap(), None)];
        let refused = adopt_rows(&mut session, &history, &ids, &DeployOptions::default()).await;
        assert_eq!(problem(refused), "9_unknown: is not on disk");
        assert!(!look(&mut session, &history).await.ledger.present);
        done(session, &database.url).await;
    }
}
