//! `create`, `exists`, `drop`, `wait`.

use std::time::Duration;

use xtask_db_engine::{DbUrl, Error, Session, SessionOptions, create, drop, exists, wait};
use xtask_db_sql::Dialect;

use crate::place::problem;
use crate::support::databases;

const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_database_is_made_and_dropped_once() {
    let options = SessionOptions::default();
    for database in databases("made").await {
        let url = &database.url;
        assert!(exists(url, &options).await.unwrap(), "{url}");
        assert!(!create(url, &options).await.unwrap(), "{url}: it is there");
        wait(url, &options, SHORT).await.expect("an answer");

        let session = Session::open(url, "_xtask_db_migrations", &options).await.unwrap();
        if url.dialect() != Dialect::Sqlite {
            let refused = problem(drop(url, &options).await);
            assert!(refused.contains("1 session is connected"), "{url}: {refused}");
        }
        session.close().await;
        assert!(drop(url, &options).await.unwrap(), "{url}");
        assert!(!drop(url, &options).await.unwrap(), "{url}: it is gone");
        assert!(!exists(url, &options).await.unwrap(), "{url}");
        let gone = wait(url, &options, SHORT).await;
        assert!(matches!(gone, Err(Error::NotReady { .. })), "{url}: {gone:?}");
    }
}

#[tokio::test]
async fn names_are_quoted() {
    let options = SessionOptions::default();
    for database in databases("quoted").await {
        let odd = database.url.with_database("xdb_t a\"b`c'd;e");
        assert!(create(&odd, &options).await.unwrap(), "{odd}");
        assert!(exists(&odd, &options).await.unwrap(), "{odd}");
        assert!(drop(&odd, &options).await.unwrap(), "{odd}");
        assert!(drop(&database.url, &options).await.unwrap());
    }
}

#[tokio::test]
async fn only_sqlite_files_are_removed() {
    let options = SessionOptions::default();
    let dir = tempfile::tempdir().unwrap();
    let url = |name: &str| DbUrl::parse(&format!("sqlite:{name}"), dir.path()).unwrap();
    std::fs::write(dir.path().join("notes.db"), "not a database at all").unwrap();
    let refused = problem(drop(&url("notes.db"), &options).await);
    assert!(refused.contains("is not an SQLite database"), "{refused}");
    assert!(dir.path().join("notes.db").exists());

    let nested = url("a/b/new.db");
    assert!(create(&nested, &options).await.unwrap());
    let mut session = Session::open(&nested, "t", &options).await.unwrap();
    assert!(crate::place::runs(&mut session, "CREATE TABLE t (a)").await);
    let refused = problem(drop(&nested, &options).await);
    assert!(refused.contains("in use"), "{refused}");
    session.close().await;
    assert!(drop(&nested, &options).await.unwrap());
    assert_eq!(std::fs::read_dir(dir.path().join("a/b")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_waited_for() {
    let url = |text: &str| DbUrl::parse(text, std::path::Path::new("")).unwrap();
    // Port 1 is not listened on.
    for text in ["postgres://a:CANARY@127.0.0.1:1/x", "mysql://a:CANARY@127.0.0.1:1/x"] {
        let start = std::time::Instant::now();
        let error = wait(&url(text), &SessionOptions::default(), SHORT).await.unwrap_err();
        assert!(matches!(error, Error::NotReady { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("CANARY"));
        assert!(start.elapsed() < SHORT * 10, "{:?}", start.elapsed());
    }
}
