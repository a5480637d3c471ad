//! Deployers that meet: what one did between another's plan and its first statement, and who is
//! told what.

use std::borrow::Cow;
use std::time::Duration;

use xtask_db_engine::{
    Actor, DbUrl, DeployOptions, DeployReport, DownOptions, Error, Session, SessionOptions, Silent,
    deploy, down, inspect, run_script,
};
use xtask_db_history::{History, SqlFile};
use xtask_db_sql::Dialect;

use crate::meanwhile::{Meanwhile, block_on, read_back};
use crate::support::{Database, databases, history};

async fn open(url: &DbUrl, history: &History) -> Session {
    Session::open(url, &history.lock.table, &SessionOptions::default()).await.expect("a session")
}

async fn run(url: &DbUrl, history: &History, retry: bool) -> Result<DeployReport, Error> {
    let mut session = open(url, history).await;
    let options = DeployOptions { retry, ..DeployOptions::default() };
    let report = deploy(&mut session, history, &options, &mut Silent).await;
    session.close().await;
    report
}

/// The first of two deployers, while the second runs to its end after the first has its plan.
async fn overtaken(
    database: &DbUrl,
    history: &History,
    retry: bool,
) -> Result<DeployReport, Error> {
    let mut session = open(database, history).await;
    let (url, same) = (database.clone(), history.clone());
    let mut meanwhile = Meanwhile::started(1, move || {
        let (url, history) = (url.clone(), same.clone());
        Box::pin(async move { drop(run(&url, &history, retry).await) })
    });
    let options = DeployOptions { retry, ..DeployOptions::default() };
    let report = deploy(&mut session, history, &options, &mut meanwhile).await;
    session.close().await;
    report
}

const STEPS: &str = "-- xtask-db: no-transaction\nCREATE TABLE IF NOT EXISTS a (id INT);\n\
    INSERT INTO a VALUES (1);\nINSERT INTO missing VALUES (1);\nINSERT INTO a VALUES (2);";

/// Only SQLite's deployers meet so: elsewhere the plan is read under a lock that stays.
async fn file(test: &str) -> Database {
    let mut all = databases(test).await;
    all.truncate(1);
    all.remove(0)
}

#[tokio::test]
async fn a_block_that_another_applied_after_the_look_for_it_is_applied() {
    let database = file("block").await;
    let history = history(Dialect::Sqlite, &["BEGIN;\nCREATE TABLE a (id INT);\nCOMMIT;"]);
    let mut session = open(&database.url, &history).await;
    let (url, same) = (database.url.clone(), history.clone());
    let mut meanwhile = Meanwhile::statement("CREATE TABLE a", "-", move || {
        let (url, history) = (url.clone(), same.clone());
        Box::pin(async move {
            drop(run(&url, &history, false).await);
            // And it is in the middle of the next file by now.
            let mut other = open(&url, &history).await;
            let sql = "UPDATE _xtask_db_lock SET owner = 'x', expires_at = '2999-01-01'";
            run_script(&mut other, "lease.sql", sql, &mut Silent).await.expect("a lease");
            other.close().await;
        })
    });
    let told = deploy(&mut session, &history, &DeployOptions::default(), &mut meanwhile).await;
    assert!(told.as_ref().is_ok_and(|report| report.applied.is_empty()), "{told:?}");
    let seen = inspect(&mut session, &history).await.expect("a look");
    assert_eq!(seen.ledger.rows.len(), 1, "no attempt is written down as failed");
    session.close().await;
}

#[tokio::test]
async fn a_journaled_migration_that_another_began_is_not_begun_again() {
    let database = file("begun").await;
    let history = history(Dialect::Sqlite, &[STEPS]);
    let told = overtaken(&database.url, &history, false).await;
    assert!(matches!(told, Err(Error::Repeat { .. })), "{told:?}");
    assert_eq!(read_back(&database.url, "SELECT count(*) FROM a", "1").await, Ok(()));
    let mut session = open(&database.url, &history).await;
    let seen = inspect(&mut session, &history).await.expect("a look");
    assert_eq!(seen.ledger.rows.len(), 1);
    session.close().await;
}

#[tokio::test]
async fn a_journaled_migration_that_another_finished_is_not_resumed_again() {
    let database = file("finished").await;
    let history = history(Dialect::Sqlite, &[STEPS]);
    assert!(run(&database.url, &history, false).await.is_err());
    let mut session = open(&database.url, &history).await;
    let fix = "CREATE TABLE missing (id INT)";
    run_script(&mut session, "fix.sql", fix, &mut Silent).await.expect("the fix");
    session.close().await;
    let told = overtaken(&database.url, &history, true).await.expect("a deploy");
    assert!(told.applied.is_empty(), "{told:?}");
    assert_eq!(read_back(&database.url, "SELECT count(*) FROM a", "2").await, Ok(()));
    assert_eq!(read_back(&database.url, "SELECT count(*) FROM missing", "1").await, Ok(()));
}

#[tokio::test]
async fn a_failure_that_another_recorded_is_not_met_again() {
    let database = file("recorded").await;
    let history = history(Dialect::Sqlite, &["CREATE TABLE a (id INT)", "oops"]);
    let told = overtaken(&database.url, &history, false).await;
    assert!(matches!(told, Err(Error::Repeat { .. })), "{told:?}");
}

#[tokio::test]
async fn a_migration_that_another_reverted_is_not_reverted_again() {
    let down_options = || DownOptions {
        actor: Actor::default(),
        lock_wait: Duration::from_secs(5),
        dry_run: false,
    };
    for directive in ["", "-- xtask-db: no-transaction\n"] {
        let database = file("reverted").await;
        let up = "CREATE TABLE n (v INT); INSERT INTO n VALUES (5)";
        let mut history = history(Dialect::Sqlite, &[up, "UPDATE n SET v = v + 1"]);
        history.migrations[1].down = Some(SqlFile {
            path: Cow::Borrowed("migrations/2_m/down.sql"),
            text: Cow::Owned(format!("{directive}UPDATE n SET v = v - 1;")),
        });
        run(&database.url, &history, false).await.expect("a deploy");
        let ids = [history.migrations[1].id.clone()];
        let (url, same, named) = (database.url.clone(), history.clone(), ids.clone());
        let mut meanwhile = Meanwhile::started(1, move || {
            let (url, history, ids) = (url.clone(), same.clone(), named.clone());
            Box::pin(async move {
                let mut session = open(&url, &history).await;
                let done = down(&mut session, &history, &ids, &down_options(), &mut Silent).await;
                done.expect("a revert");
                session.close().await;
            })
        });
        let mut session = open(&database.url, &history).await;
        let told = down(&mut session, &history, &ids, &down_options(), &mut meanwhile).await;
        assert!(told.expect("no error").reverted.is_empty());
        session.close().await;
        assert_eq!(read_back(&database.url, "SELECT v FROM n", "5").await, Ok(()));
        // Nothing is left half reverted.
        assert_eq!(run(&database.url, &history, false).await.expect("a deploy").applied.len(), 1);
    }
}

#[tokio::test]
async fn of_many_deployers_one_meets_the_fault() {
    for journaled in ["", "-- xtask-db: no-transaction\n"] {
        for database in databases("one_fails").await {
            let dialect = database.url.dialect();
            let bad =
                format!("{journaled}INSERT INTO a VALUES (2); INSERT INTO missing VALUES (1)");
            let first = "CREATE TABLE a (id INT); INSERT INTO a VALUES (1)";
            let history = history(dialect, &[first, &bad, "INSERT INTO a VALUES (3)"]);
            let runs = (0..8).map(|_| run(&database.url, &history, false));
            let mut failed = 0;
            for report in futures_util::future::join_all(runs).await {
                match report.expect_err("the second fails") {
                    Error::Failed(failure) => {
                        assert_eq!(failure.statement, 2, "{dialect}");
                        failed += 1;
                    }
                    Error::Repeat { .. } => {}
                    other => panic!("{dialect}: {other:?}"),
                }
            }
            assert_eq!(failed, 1, "{dialect}, {journaled:?}");
            let twice = "SELECT count(*) FROM a WHERE id = 2";
            let left = if journaled.is_empty() || dialect == Dialect::Mysql { "0" } else { "1" };
            assert_eq!(read_back(&database.url, twice, left).await, Ok(()), "{dialect}");
        }
    }
}

#[tokio::test]
async fn a_committed_statement_is_not_run_again_while_its_count_waits() {
    for database in databases("count").await {
        let dialect = database.url.dialect();
        let (before, alone) = match dialect {
            Dialect::Sqlite => continue,
            Dialect::Postgres => ("SELECT 1", "INSERT INTO a VALUES (1)"),
            Dialect::Mysql => ("CREATE PROCEDURE p() INSERT INTO a VALUES (1)", "CALL p()"),
        };
        let (sleep, lock) = match dialect {
            Dialect::Mysql => ("SELECT SLEEP(3)", "SELECT * FROM _xtask_db_migrations FOR UPDATE"),
            _ => ("SELECT pg_sleep(3)", "SELECT * FROM _xtask_db_migrations FOR UPDATE"),
        };
        let first = format!("CREATE TABLE a (id INT);\n{before};");
        let second = format!("-- xtask-db: no-transaction\n{alone};");
        let history = history(dialect, &[&first, &second]);
        let (url, held) = (database.url.clone(), format!("{lock};\n{sleep};"));
        let mut meanwhile = Meanwhile::statement("INSERT INTO a VALUES (1)", alone, move || {
            let (url, held) = (url.clone(), held.clone());
            std::thread::spawn(move || {
                block_on(async move {
                    let options = SessionOptions::default();
                    let mut other = Session::open(&url, "x", &options).await.expect("a session");
                    run_script(&mut other, "lock.sql", &held, &mut Silent).await.expect("a wait");
                    other.close().await;
                });
            });
            Box::pin(tokio::time::sleep(Duration::from_millis(400)))
        });
        let options =
            SessionOptions { lock_timeout: Duration::from_secs(1), ..SessionOptions::default() };
        let mut session =
            Session::open(&database.url, &history.lock.table, &options).await.expect("a session");
        let all = DeployOptions::default();
        let report = deploy(&mut session, &history, &all, &mut meanwhile).await;
        report.unwrap_or_else(|error| panic!("{dialect}: {error}"));
        session.close().await;
        let rows = read_back(&database.url, "SELECT count(*) FROM a", "1").await;
        assert_eq!(rows, Ok(()), "{dialect}");
    }
}
