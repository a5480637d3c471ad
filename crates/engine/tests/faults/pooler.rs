//! Behind a transaction pooler: the lock is held by a second connection, and no setting stays with
//! a connection of the server that goes to somebody else.

use std::path::Path;
use std::time::Duration;

use xtask_db_engine::{
    DbUrl, DeployOptions, DeployReport, Error, Session, SessionOptions, Silent, create, deploy,
    run_script,
};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::meanwhile::{Meanwhile, read_back};
use crate::support::{history, unique};

const DEPLOYERS: usize = 8;
const ROUNDS: usize = 3;

/// A database of its own, directly and through the pooler.
struct Pooled {
    direct: DbUrl,
    pooled: DbUrl,
}

#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
async fn database(test: &str) -> Option<Pooled> {
    let url = |variable: &str| {
        let text = std::env::var(variable).ok().filter(|text| !text.is_empty())?;
        Some(DbUrl::parse(&text, Path::new("")).expect("a url"))
    };
    let urls = url("XDB_TEST_POSTGRES_URL").zip(url("XDB_TEST_PGBOUNCER_URL"));
    let Some((direct, pooled)) = urls else {
        println!("skipped: XDB_TEST_POSTGRES_URL or XDB_TEST_PGBOUNCER_URL is not set");
        return None;
    };
    let name = unique(test);
    let made = Pooled { direct: direct.with_database(&name), pooled: pooled.with_database(&name) };
    create(&made.direct, &SessionOptions::default()).await.expect("a database");
    Some(made)
}

async fn run(
    url: &DbUrl,
    history: &History,
    options: SessionOptions,
    wait: Duration,
) -> Result<DeployReport, Error> {
    let mut session = Session::open(url, &history.lock.table, &options).await?;
    let options = DeployOptions { lock_wait: wait, ..DeployOptions::default() };
    let report = deploy(&mut session, history, &options, &mut Silent).await;
    session.close().await;
    report
}

#[tokio::test]
async fn one_of_eight_applies() {
    for round in 0..ROUNDS {
        let Some(database) = database("eight").await else { return };
        let history = history(
            Dialect::Postgres,
            &[
                "CREATE TABLE trace (id INT);\nSELECT pg_sleep(0.05);",
                "INSERT INTO trace VALUES (1);",
                "CREATE INDEX CONCURRENTLY trace_id ON trace (id);\nINSERT INTO trace VALUES (2);",
            ],
        );
        let runs = (0..DEPLOYERS).map(|_| {
            let (url, history) = (database.pooled.clone(), history.clone());
            let wait = Duration::from_secs(60);
            tokio::spawn(async move { run(&url, &history, SessionOptions::default(), wait).await })
        });
        let mut applied = 0;
        for running in runs.collect::<Vec<_>>() {
            let report = running.await.expect("it ran").expect("it ended well");
            applied += report.applied.len();
        }
        assert_eq!(applied, 3, "round {round}");
        let url = &database.direct;
        let count = "SELECT count(*) FROM trace";
        assert_eq!(read_back(url, count, "2").await, Ok(()), "round {round}");
        let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = \
             (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(read_back(url, locks, "0").await, Ok(()), "round {round}");
    }
}

#[tokio::test]
async fn no_setting_stays() {
    let Some(database) = database("stays").await else { return };
    let history = history(
        Dialect::Postgres,
        &["SET search_path = elsewhere;\nCREATE SCHEMA elsewhere;\nCREATE TABLE t (id INT);"],
    );
    let seed = "CREATE SCHEMA app;";
    let mut session =
        Session::open(&database.direct, "x", &SessionOptions::default()).await.expect("a session");
    run_script(&mut session, "seed.sql", seed, &mut Silent).await.expect("a schema");
    session.close().await;
    let options = SessionOptions {
        search_path: Some("app".to_owned()),
        statement_timeout: Some(Duration::from_secs(77)),
        ..SessionOptions::default()
    };
    let done = run(&database.pooled, &history, options, Duration::from_secs(60)).await;
    assert_eq!(done.map(|report| report.applied.len()).ok(), Some(1));
    let seen = "SELECT current_setting('statement_timeout') || ' ' || \
         current_setting('lock_timeout') || ' ' || current_setting('search_path')";
    let name = database.pooled.database();
    let pooled = plain("XDB_TEST_PGBOUNCER_URL", &name, seen).await;
    assert_eq!(pooled, plain("XDB_TEST_POSTGRES_URL", &name, seen).await);
}

/// The value of a query on a connection without any setting of ours.
async fn plain(variable: &str, database: &str, query: &str) -> String {
    use sqlx::{ConnectOptions, Connection, Row};
    let url = std::env::var(variable).expect("a url");
    let options: sqlx::postgres::PgConnectOptions = url.parse().expect("options");
    let mut conn = options.database(database).connect().await.expect("a connection");
    let row = sqlx::raw_sql(sqlx::AssertSqlSafe(query.to_owned())).fetch_one(&mut conn).await;
    let value = row.expect("a row").try_get_unchecked::<String, _>(0).expect("a text");
    conn.close().await.expect("an end");
    value
}

#[tokio::test]
async fn a_setting_that_a_step_needs_is_refused() {
    let Some(database) = database("refused").await else { return };
    let text = "CREATE TABLE t (id INT);\nSET maintenance_work_mem = '64MB';\n\
        CREATE INDEX CONCURRENTLY t_id ON t (id);";
    let history = history(Dialect::Postgres, &[text]);
    let wait = Duration::from_secs(60);
    let refused = run(&database.pooled, &history, SessionOptions::default(), wait).await;
    assert!(matches!(refused, Err(Error::Pooler { .. })), "{refused:?}");
    let direct = run(&database.direct, &history, SessionOptions::default(), wait).await;
    assert_eq!(direct.map(|report| report.applied.len()).ok(), Some(1));
}

#[tokio::test]
async fn a_lock_that_is_lost_writes_nothing() {
    let Some(database) = database("lost").await else { return };
    let texts = ["CREATE TABLE a (id INT);", "CREATE TABLE b (id INT);"];
    let history = history(Dialect::Postgres, &texts);
    let mut session =
        Session::open(&database.pooled, &history.lock.table, &SessionOptions::default())
            .await
            .expect("a session");
    let direct = database.direct.clone();
    // The holder's connection is cut, and another owner writes its row.
    let takeover = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' \
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database());\n\
        UPDATE _xtask_db_lock SET owner = 'another', fence = fence + 1;";
    let mut meanwhile = Meanwhile::statement("CREATE TABLE b", "CREATE TABLE b", move || {
        let url = direct.clone();
        Box::pin(async move {
            let options = SessionOptions::default();
            let mut other = Session::open(&url, "x", &options).await.expect("a session");
            run_script(&mut other, "x.sql", takeover, &mut Silent).await.expect("a takeover");
            other.close().await;
        })
    });
    let options = DeployOptions::default();
    let lost = deploy(&mut session, &history, &options, &mut meanwhile).await;
    session.close().await;
    assert!(matches!(lost, Err(Error::Fenced)), "{lost:?}");
    let tables = "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class \
        WHERE relname IN ('a', 'b') AND relkind = 'r'";
    assert_eq!(read_back(&database.direct, tables, "a").await, Ok(()));
    let again = run(&database.pooled, &history, SessionOptions::default(), Duration::ZERO).await;
    assert_eq!(again.map(|report| report.applied.len()).ok(), Some(1));
}
