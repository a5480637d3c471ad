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
