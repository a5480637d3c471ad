//! Dropping the future of a deploy stops the statement on the server and frees the lock.

mod support;

use std::time::{Duration, Instant};

use support::{databases, history};
use xtask_db_engine::{DeployOptions, Session, SessionOptions, Silent, deploy, inspect};
use xtask_db_sql::Dialect;

/// A statement that runs far longer than the test.
const fn endless(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
             INSERT INTO a SELECT count(*) FROM n"
        }
        Dialect::Postgres => "SELECT pg_sleep(600)",
        Dialect::Mysql => "SELECT SLEEP(600)",
    }
}

#[tokio::test]
async fn a_dropped_deploy_leaves_no_lock_and_no_statement() {
    for database in databases("interrupt").await {
        let dialect = database.url.dialect();
        let texts = ["CREATE TABLE a (id INT)", endless(dialect)];
        let history = history(dialect, &texts);
        let options = SessionOptions::default();
        let open = || Session::open(&database.url, &history.lock.table, &options);
        let mut session = open().await.expect("a session");
        let all = DeployOptions::default();
        let mut silent = Silent;
        let deploying = deploy(&mut session, &history, &all, &mut silent);
        let cut = tokio::time::timeout(Duration::from_millis(500), deploying).await;
        assert!(cut.is_err(), "{dialect}: it ended by itself: {cut:?}");
        drop(session);

        let start = Instant::now();
        let to = Some("1_m".parse().expect("an id"));
        let options = DeployOptions { to, ..DeployOptions::default() };
        let mut next = open().await.expect("a session");
        let report = deploy(&mut next, &history, &options, &mut Silent).await.expect("a deploy");
        assert!(report.applied.is_empty(), "{dialect}");
        assert!(start.elapsed() < Duration::from_secs(5), "{dialect}: {:?}", start.elapsed());
        let seen = inspect(&mut next, &history).await.expect("a look");
        assert!(!seen.ledger.held, "{dialect}");
        assert_eq!(seen.survey.applied.len(), 1, "{dialect}");
        next.close().await;
    }
}

/// Between its statements a file that commits one by one is kept by a lease, which is not left to
/// expire.
#[tokio::test]
async fn a_dropped_deploy_gives_its_lease_up() {
    let mut all = databases("lease").await;
    let database = all.remove(0);
    let dialect = database.url.dialect();
    assert_eq!(dialect, Dialect::Sqlite);
    let journaled = format!(
        "-- xtask-db: no-transaction\nCREATE TABLE b (id INT);\n{};\nCREATE TABLE c (id INT);",
        endless(dialect)
    );
    let history = history(dialect, &["CREATE TABLE a (id INT)", &journaled]);
    let options = SessionOptions::default();
    let open = || Session::open(&database.url, &history.lock.table, &options);
    let mut session = open().await.expect("a session");
    let all = DeployOptions::default();
    let mut silent = Silent;
    let deploying = deploy(&mut session, &history, &all, &mut silent);
    let cut = tokio::time::timeout(Duration::from_millis(500), deploying).await;
    assert!(cut.is_err(), "it ended by itself: {cut:?}");
    let mut next = open().await.expect("a session");
    let seen = inspect(&mut next, &history).await.expect("a look");
    assert!(seen.ledger.held, "the lease is alive");
    drop(session);
    let start = Instant::now();
    loop {
        let seen = inspect(&mut next, &history).await.expect("a look");
        if !seen.ledger.held {
            assert_eq!(seen.survey.failed.len(), 1, "the file is unfinished, and nobody's");
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(5), "the lease is still held");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    next.close().await;
}
