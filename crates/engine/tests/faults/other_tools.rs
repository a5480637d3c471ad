//! Another tool that migrates the same database: its lock is respected.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, raw_sql};
use xtask_db_engine::{
    DbUrl, DeployOptions, DeployReport, Error, Session, SessionOptions, Silent, deploy,
};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::support::{databases, history};

async fn run(url: &DbUrl, history: &History, wait: u64) -> Result<DeployReport, Error> {
    let options = SessionOptions::default();
    let mut session = Session::open(url, &history.lock.table, &options).await.expect("a session");
    let lock_wait = Duration::from_secs(wait);
    let options = DeployOptions { lock_wait, ..DeployOptions::default() };
    let report = deploy(&mut session, history, &options, &mut Silent).await;
    session.close().await;
    report
}

#[tokio::test]
async fn the_lock_of_a_tool_whose_ledger_is_there_is_waited_for() {
    for database in databases("others").await {
        let dialect = database.url.dialect();
        // Prisma's on one server, sqlx's on the other, each taken as that tool takes it.
        let (table, lock) = match dialect {
            Dialect::Sqlite => continue,
            Dialect::Postgres => ("_prisma_migrations", "SELECT pg_advisory_lock(72707369)"),
            Dialect::Mysql => (
                "_sqlx_migrations",
                "SELECT GET_LOCK(LOWER(HEX(0x3d32ad9e * CRC32(DATABASE()))), 10)",
            ),
        };
        let first = "CREATE TABLE a (id INT);";
        let one = history(dialect, &[first, &format!("CREATE TABLE {table} (id INT);")]);
        let done = run(&database.url, &one, 60).await;
        assert_eq!(done.map(|report| report.applied.len()).ok(), Some(2), "{dialect}");
        let two = history(
            dialect,
            &[first, &format!("CREATE TABLE {table} (id INT);"), "CREATE TABLE b (id INT);"],
        );
        let name = database.url.database();
        macro_rules! while_held {
            ($conn:ty, $options:ty, $url:expr) => {{
                let url = std::env::var($url).expect("a url");
                let options: $options = url.parse().expect("options");
                let mut conn = <$conn>::connect_with(&options.database(&name)).await.expect("it");
                conn.execute(raw_sql(AssertSqlSafe(lock))).await.expect("the lock");
                let refused = run(&database.url, &two, 1).await;
                assert!(matches!(refused, Err(Error::LockTimeout { .. })), "{refused:?}");
                conn.close().await.expect("an end");
            }};
        }
        if dialect == Dialect::Postgres {
            while_held!(
                sqlx::PgConnection,
                sqlx::postgres::PgConnectOptions,
                "XDB_TEST_POSTGRES_URL"
            );
        } else {
            while_held!(
                sqlx::MySqlConnection,
                sqlx::mysql::MySqlConnectOptions,
                "XDB_TEST_MARIADB_URL"
            );
        }
        let done = run(&database.url, &two, 60).await;
        assert_eq!(done.map(|report| report.applied.len()).ok(), Some(1), "{dialect}");
    }
}
