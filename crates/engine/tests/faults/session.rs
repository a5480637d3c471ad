//! What a file, or a default of the role, does to the session that works: the lock that it frees,
//! the limits that it brings.

use std::time::Duration;

use xtask_db_engine::{
    Actor, DbUrl, DeployOptions, DeployReport, Error, Event, Observer, Session, SessionOptions,
    Silent, deploy, inspect, set_marker,
};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::meanwhile::{Meanwhile, read_back};
use crate::support::{databases, history};

async fn open(url: &DbUrl, history: &History) -> Session {
    Session::open(url, &history.lock.table, &SessionOptions::default()).await.expect("a session")
}

/// Deploys; `observer` is told.
async fn run(
    url: &DbUrl,
    history: &History,
    observer: &mut dyn Observer,
) -> Result<DeployReport, Error> {
    let mut session = open(url, history).await;
    let done = deploy(&mut session, history, &DeployOptions::default(), observer).await;
    session.close().await;
    done
}

/// What was said, and what another does meanwhile.
struct Told {
    notices: Vec<String>,
    meanwhile: Meanwhile,
}

impl Observer for Told {
    fn on(&mut self, event: Event<'_>) {
        if let Event::Notice(said) = &event {
            self.notices.push((*said).to_owned());
        }
        self.meanwhile.on(event);
    }
}

/// Statements that free every lock of the session, as a file of one transaction and of several.
fn freeing(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => &[],
        Dialect::Postgres => &[
            "SELECT pg_advisory_unlock_all();\nINSERT INTO a VALUES (2);",
            "BEGIN;\nSET TRANSACTION ISOLATION LEVEL REPEATABLE READ;\n\
             INSERT INTO a VALUES (2);\nSELECT pg_advisory_unlock_all();\nCOMMIT;",
            "DISCARD ALL;\nINSERT INTO a VALUES (2);",
            "INSERT INTO a VALUES (2);\nDISCARD ALL;",
            "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$;\nINSERT INTO a VALUES (2);",
        ],
        Dialect::Mysql => &[
            "DO RELEASE_ALL_LOCKS();\nINSERT INTO a VALUES (2);",
            "INSERT INTO a VALUES (2);\nDO RELEASE_ALL_LOCKS();",
        ],
    }
}

const FREEING_MAX: usize = 5;

#[tokio::test]
async fn a_lock_that_a_file_freed_is_taken_again() {
    for at in 0..FREEING_MAX {
        for database in databases("freed").await {
            let dialect = database.url.dialect();
            let Some(freeing) = freeing(dialect).get(at) else { continue };
            let texts = ["CREATE TABLE a (id INT)", freeing, "INSERT INTO a VALUES (3)"];
            let history = history(dialect, &texts);
            let (url, same) = (database.url.clone(), history.clone());
            let look = Meanwhile::started(3, move || {
                let (url, history) = (url.clone(), same.clone());
                Box::pin(async move {
                    let mut other = open(&url, &history).await;
                    let seen = inspect(&mut other, &history).await.expect("a look");
                    assert!(seen.ledger.held, "nobody holds the lock");
                    other.close().await;
                })
            });
            let mut told = Told { notices: Vec::new(), meanwhile: look };
            let done = run(&database.url, &history, &mut told).await;
            let report = done.unwrap_or_else(|error| panic!("{dialect}, {freeing}: {error}"));
            assert_eq!(report.applied.len(), 3, "{freeing}");
            let named = told.notices.iter().filter(|said| said.contains("freed the deploy lock"));
            assert_eq!(named.count(), 1, "{freeing}: {:?}", told.notices);
            let sum = read_back(&database.url, "SELECT sum(id) FROM a", "5").await;
            assert_eq!(sum, Ok(()), "{freeing}");
        }
    }
}

#[tokio::test]
async fn a_lock_that_a_file_freed_and_another_had_is_lost() {
    for database in databases("freed_and_had").await {
        let dialect = database.url.dialect();
        let free = match dialect {
            Dialect::Sqlite => continue,
            Dialect::Postgres => "SELECT pg_advisory_unlock_all()",
            Dialect::Mysql => "DO RELEASE_ALL_LOCKS()",
        };
        let text = format!("{free};\nINSERT INTO a VALUES (1);");
        let history = history(dialect, &["CREATE TABLE a (id INT)", &text]);
        let (url, same) = (database.url.clone(), history.clone());
        let mut meanwhile = Meanwhile::statement("INSERT INTO a VALUES (1)", "-", move || {
            let (url, history) = (url.clone(), same.clone());
            Box::pin(async move {
                let mut other = open(&url, &history).await;
                let marked = set_marker(&mut other, "development", &Actor::default()).await;
                marked.expect("the lock is free");
                other.close().await;
            })
        });
        let done = run(&database.url, &history, &mut meanwhile).await;
        assert!(matches!(done, Err(Error::Fenced)), "{dialect}: {done:?}");
        let rows = read_back(&database.url, "SELECT count(*) FROM a", "0").await;
        assert_eq!(rows, Ok(()), "{dialect}");
    }
}

#[tokio::test]
async fn a_limit_on_idle_sessions_does_not_end_a_deploy() {
    for database in databases("idle").await {
        if database.url.dialect() != Dialect::Postgres {
            continue;
        }
        let limit = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_session_timeout = \
            ''200ms''', current_database()); END $$";
        let limited = history(Dialect::Postgres, &[limit]);
        run(&database.url, &limited, &mut Silent).await.expect("a limit");
        let history = history(Dialect::Postgres, &[limit, "CREATE TABLE a (id INT)"]);
        let mut session = open(&database.url, &history).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        let done = deploy(&mut session, &history, &DeployOptions::default(), &mut Silent).await;
        assert_eq!(done.expect("a deploy").applied.len(), 1);
        session.close().await;
    }
}
