//! What `deploy` refuses, and that nothing is run then.

use xtask_db_engine::{
    DbUrl, DeployOptions, Error, Session, SessionOptions, Silent, deploy, inspect, run_script,
};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::meanwhile::{Meanwhile, read_back};
use crate::support::{databases, history};

const ONE: &str = "CREATE TABLE a (id INT)";
const TWO: [&str; 2] = [ONE, "CREATE TABLE b (id INT)"];

async fn open(url: &DbUrl, history: &History) -> Session {
    Session::open(url, &history.lock.table, &SessionOptions::default()).await.expect("a session")
}

async fn sql(session: &mut Session, text: &str) {
    run_script(session, "test.sql", text, &mut Silent).await.expect("a script");
}

/// Deploys the first of two migrations, changes the meta table, and tries the second.
async fn second_is_refused(test: &str, key: &str, value: &str, refusal: fn(&Error) -> bool) {
    for database in databases(test).await {
        let dialect = database.url.dialect();
        let (before, after) = (history(dialect, &[ONE]), history(dialect, &TWO));
        let mut session = open(&database.url, &after).await;
        let options = DeployOptions::default();
        deploy(&mut session, &before, &options, &mut Silent).await.expect("a deploy");
        let column = if dialect == Dialect::Mysql { "`key`" } else { "\"key\"" };
        let forget = format!("DELETE FROM _xtask_db_meta WHERE {column} = '{key}'");
        sql(&mut session, &forget).await;
        let put =
            format!("INSERT INTO _xtask_db_meta ({column}, value) VALUES ('{key}', '{value}')");
        sql(&mut session, &put).await;
        for dry_run in [true, false] {
            let environment = Some("staging".to_owned());
            let options = DeployOptions { dry_run, environment, ..DeployOptions::default() };
            let refused = deploy(&mut session, &after, &options, &mut Silent).await;
            let dry_policy = dry_run && key == "policy";
            match refused {
                Err(error) => assert!(refusal(&error), "{dialect}: {error:?}"),
                Ok(report) => assert!(dry_policy, "{dialect}: {report:?}"),
            }
        }
        session.close().await;
        let none = read_back(&database.url, "SELECT count(*) FROM b", "0").await;
        assert!(none.is_err(), "{dialect}: the second was run");
    }
}

#[tokio::test]
async fn a_ledger_of_a_later_version_is_refused() {
    second_is_refused(
        "format",
        "format",
        "2",
        |error| matches!(error, Error::LedgerFormat { found, known: 1 } if found == "2"),
    )
    .await;
}

#[tokio::test]
async fn another_environment_is_refused() {
    second_is_refused("environment", "environment", "production", |error| {
        matches!(error, Error::Environment { found, given }
            if found == "production" && given == "staging")
    })
    .await;
}

#[tokio::test]
async fn a_policy_is_honoured() {
    let policy = |error: &Error| matches!(error, Error::Policy { .. } | Error::Environment { .. });
    second_is_refused("policy", "policy", "backup=required", policy).await;
    for database in databases("policy").await {
        let dialect = database.url.dialect();
        let history = history(dialect, &TWO);
        let mut session = open(&database.url, &history).await;
        let to = Some(history.migrations[0].id.clone());
        let options = DeployOptions { to, ..DeployOptions::default() };
        deploy(&mut session, &history, &options, &mut Silent).await.expect("a deploy");
        let key = if dialect == Dialect::Mysql { "`key`" } else { "\"key\"" };
        let put = format!(
            "INSERT INTO _xtask_db_meta ({key}, value) VALUES ('policy', 'backup=required')"
        );
        sql(&mut session, &put).await;
        let all = DeployOptions::default();
        let refused = deploy(&mut session, &history, &all, &mut Silent).await;
        assert!(matches!(refused, Err(Error::Policy { .. })), "{dialect}: {refused:?}");
        let waived = DeployOptions { backed_up: true, ..DeployOptions::default() };
        let done = deploy(&mut session, &history, &waived, &mut Silent).await.expect("a deploy");
        assert_eq!(done.applied.len(), 1, "{dialect}");
        session.close().await;
    }
}

#[tokio::test]
async fn a_database_that_is_ahead_is_accepted_unless_told() {
    for database in databases("ahead").await {
        let dialect = database.url.dialect();
        let (older, newer) = (history(dialect, &[ONE]), history(dialect, &TWO));
        let mut session = open(&database.url, &newer).await;
        let options = DeployOptions::default();
        deploy(&mut session, &newer, &options, &mut Silent).await.expect("a deploy");
        let report = deploy(&mut session, &older, &options, &mut Silent).await.expect("a deploy");
        assert_eq!(report.ahead, ["2_m"], "{dialect}");
        let stop = DeployOptions { stop_on_ahead: true, ..DeployOptions::default() };
        let refused = deploy(&mut session, &older, &stop, &mut Silent).await;
        assert!(matches!(&refused, Err(Error::Ahead(ids)) if ids == &["2_m"]), "{refused:?}");
        session.close().await;
    }
}

#[tokio::test]
async fn a_place_that_changed_is_refused() {
    for database in databases("place").await {
        if database.url.dialect() != Dialect::Postgres {
            continue;
        }
        let history = history(Dialect::Postgres, &[ONE]);
        let mut session = open(&database.url, &history).await;
        let options = DeployOptions::default();
        deploy(&mut session, &history, &options, &mut Silent).await.expect("a deploy");
        sql(&mut session, "CREATE SCHEMA app").await;
        session.close().await;
        let path = |path: &str| SessionOptions {
            search_path: Some(path.to_owned()),
            ..SessionOptions::default()
        };
        let table = &history.lock.table;
        let mut other =
            Session::open(&database.url, table, &path("public, app")).await.expect("a session");
        let refused = deploy(&mut other, &history, &options, &mut Silent).await;
        assert!(matches!(&refused, Err(Error::SearchPath { now, .. }) if now.contains("app")));
        other.close().await;
        let nowhere = Session::open(&database.url, table, &path("missing")).await;
        assert!(matches!(nowhere, Err(Error::NoSchema { .. })), "{nowhere:?}");
    }
}

/// Another owner in the holder row while the second migration runs.
async fn stolen(url: &DbUrl, history: &History) -> Result<(), Error> {
    let theft = "UPDATE _xtask_db_lock SET owner = 'thief', fence = fence + 1";
    let (own, table) = (url.clone(), history.lock.table.clone());
    let mut meanwhile = Meanwhile::statement("INSERT INTO a", "INSERT INTO a", move || {
        let (url, table) = (own.clone(), table.clone());
        Box::pin(async move {
            let options = SessionOptions::default();
            let mut other = Session::open(&url, &table, &options).await.expect("a session");
            sql(&mut other, theft).await;
            other.close().await;
        })
    });
    let mut session = open(url, history).await;
    let options = DeployOptions::default();
    let told = deploy(&mut session, history, &options, &mut meanwhile).await;
    // The session is left usable, in no transaction: this is kept.
    sql(&mut session, "CREATE TABLE kept (id INT)").await;
    session.close().await;
    told.map(drop)
}

#[tokio::test]
async fn a_deployer_that_lost_the_lock_writes_nothing() {
    for journaled in [false, true] {
        for database in databases("fenced").await {
            let dialect = database.url.dialect();
            if dialect == Dialect::Sqlite {
                // The transaction, of each statement too, holds the file: nobody can steal.
                continue;
            }
            let directive = if journaled { "-- xtask-db: no-transaction\n" } else { "" };
            let second = format!("{directive}INSERT INTO a VALUES (1);");
            let history = history(dialect, &[ONE, &second]);
            let told = stolen(&database.url, &history).await;
            assert!(matches!(told, Err(Error::Fenced)), "{dialect}, {journaled}: {told:?}");
            assert_eq!(read_back(&database.url, "SELECT count(*) FROM kept", "0").await, Ok(()));
            let mut session = open(&database.url, &history).await;
            let seen = inspect(&mut session, &history).await.expect("a look");
            assert_eq!(seen.survey.applied.len(), 1, "{dialect}, {journaled}");
            if !journaled && dialect == Dialect::Postgres {
                let options = DeployOptions::default();
                let done = deploy(&mut session, &history, &options, &mut Silent).await;
                assert_eq!(done.expect("a deploy").applied.len(), 1, "{dialect}");
                let once = read_back(&database.url, "SELECT count(*) FROM a", "1").await;
                assert_eq!(once, Ok(()));
            }
            session.close().await;
        }
    }
}
