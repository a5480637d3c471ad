//! `replay`: what it finds, and that nothing of it is left.

use xtask_db_engine::{DbUrl, Error, Session, SessionOptions, ShadowOptions, create, drop, replay};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::place::{SILENT, deployed, done, look, open, problem, runs};
use crate::support::{databases, history};

async fn shadow(
    main: &DbUrl,
    history: &History,
    url: Option<&DbUrl>,
) -> Result<Vec<String>, Error> {
    let options = ShadowOptions { url: url.cloned(), ..ShadowOptions::default() };
    replay(main, history, &options, &mut SILENT.clone()).await
}

/// The shadow databases on the server of a test.
async fn left(dialect: Dialect) -> Vec<String> {
    use sqlx::{ConnectOptions as _, Connection as _};

    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => {
            let url = std::env::var("XDB_TEST_POSTGRES_URL").unwrap();
            let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
            let mut conn = options.connect().await.unwrap();
            let sql = "SELECT datname::text FROM pg_database WHERE datname LIKE 'xdb\\_shadow%'";
            let names = sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap();
            conn.close().await.unwrap();
            names
        }
        Dialect::Mysql => {
            let url = std::env::var("XDB_TEST_MARIADB_URL").unwrap();
            let options: sqlx::mysql::MySqlConnectOptions = url.parse().unwrap();
            let mut conn = options.connect().await.unwrap();
            let sql = "SELECT CAST(schema_name AS CHAR) FROM information_schema.schemata \
                 WHERE schema_name LIKE 'xdb\\_shadow%'";
            let names = sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap();
            conn.close().await.unwrap();
            names
        }
    }
}

/// One test: the names of shadows are the server's.
#[tokio::test]
async fn shadows_come_and_go() {
    throwaway().await;
    stale().await;
    given().await;
    #[cfg(unix)]
    the_main_database_in_disguise().await;
}

async fn throwaway() {
    for database in databases("shadow").await {
        let (url, dialect) = (&database.url, database.url.dialect());
        let good = history(dialect, &["CREATE TABLE a (id INT)", "INSERT INTO a VALUES (1)"]);
        assert_eq!(shadow(url, &good, None).await.unwrap(), [""; 0], "{dialect}");
        let bad = history(dialect, &["CREATE TABLE a (id INT)", "SELECT 1;\nDROP TABLE missing;"]);
        let Err(Error::Failed(failure)) = shadow(url, &bad, None).await else {
            panic!("{dialect}: it should fail");
        };
        assert_eq!(failure.id.map(|id| id.to_string()).as_deref(), Some("2_m"));
        assert_eq!((failure.statement, failure.span.start), (2, 10), "{dialect}");
        assert_eq!(left(dialect).await, [""; 0], "{dialect}");

        let mut session = open(url, &good).await;
        let seen = look(&mut session, &good).await.ledger;
        assert_eq!((seen.present, seen.objects), (false, 0), "{dialect}: main is untouched");
        reaching_outside(url, dialect).await;
        if dialect == Dialect::Postgres {
            another_role_and_schema(&mut session, url).await;
        }
        done(session, url).await;
    }
}

/// The session's role owns nothing of a throwaway database, and its schema is not there at first.
async fn another_role_and_schema(session: &mut Session, url: &DbUrl) {
    let role = format!("xdb_t_role_{}", std::process::id());
    assert!(runs(session, &format!("CREATE ROLE {role}")).await);
    let texts = ["CREATE TABLE a (id INT)", "CREATE SCHEMA own; CREATE TABLE own.b (id INT)"];
    let main = history(Dialect::Postgres, &texts);
    for search_path in [None, Some("Shop, public".to_owned())] {
        let session = SessionOptions {
            session: vec![format!("SET ROLE {role}")],
            search_path,
            ..SessionOptions::default()
        };
        let options = ShadowOptions { session, ..ShadowOptions::default() };
        let replayed = replay(url, &main, &options, &mut SILENT.clone()).await;
        assert_eq!(replayed.unwrap(), [""; 0]);
    }
    assert!(runs(session, &format!("DROP ROLE {role}")).await);
}

async fn reaching_outside(url: &DbUrl, dialect: Dialect) {
    let (text, expected) = match dialect {
        Dialect::Sqlite => ("ATTACH 'x.db' AS x; SELECT 1;".to_owned(), "1_m: ATTACH 'x.db' AS x"),
        Dialect::Postgres => (
            "ALTER SYSTEM SET work_mem = '1MB'; SELECT 1;".to_owned(),
            "1_m: ALTER SYSTEM SET work_mem = '1MB'",
        ),
        Dialect::Mysql => {
            (format!("CREATE TABLE {}.t (a INT);", url.database()), "1_m: CREATE TABLE ")
        }
    };
    let skipped = shadow(url, &history(dialect, &[&text]), None).await.unwrap();
    assert!(skipped.len() == 1 && skipped[0].starts_with(expected), "{dialect}: {skipped:?}");
}

/// A shadow that a killed run left behind is dropped by the next one; one in use is not.
async fn stale() {
    for database in databases("stale").await {
        let (url, dialect) = (&database.url, database.url.dialect());
        let main = history(dialect, &["CREATE TABLE a (id INT)"]);
        if dialect != Dialect::Sqlite {
            // What a killed run leaves: a database of that name, and no lock on it.
            let slow = match dialect {
                Dialect::Postgres => "SELECT pg_sleep(60)",
                _ => "SELECT sleep(60)",
            };
            let waiting = history(dialect, &[slow]);
            let stopped = tokio::time::timeout(
                std::time::Duration::from_millis(1500),
                shadow(url, &waiting, None),
            );
            assert!(stopped.await.is_err(), "{dialect}");
            let names = left(dialect).await;
            assert_eq!(names.len(), 1, "{dialect}: {names:?}");
        }
        // The server ends the dropped sessions in its own time.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            shadow(url, &main, None).await.unwrap();
            let names = left(dialect).await;
            if names.is_empty() {
                break;
            }
            assert!(std::time::Instant::now() < deadline, "{dialect}: {names:?}");
        }
        done(open(url, &main).await, url).await;
    }
}

/// A database that was set aside is emptied before and after, unless it holds somebody's data.
async fn given() {
    for database in databases("given").await {
        let (url, dialect) = (&database.url, database.url.dialect());
        if dialect == Dialect::Sqlite {
            continue;
        }
        let other = url.with_database(&format!("{}_other", url.database()));
        create(&other, &SessionOptions::default()).await.unwrap();
        let more = match dialect {
            Dialect::Postgres => "CREATE SCHEMA more; CREATE TABLE more.t (id INT);",
            _ => "CREATE TABLE more (id INT);",
        };
        let main = history(dialect, &["CREATE TABLE a (id INT)", more]);
        for _ in 0..2 {
            shadow(url, &main, Some(&other)).await.unwrap();
        }
        let bad = history(dialect, &["CREATE TABLE a (id INT)", "DROP TABLE missing"]);
        assert!(matches!(shadow(url, &bad, Some(&other)).await, Err(Error::Failed(_))));
        shadow(url, &main, Some(&other)).await.unwrap();
        let mut session = open(&other, &main).await;
        assert!(!runs(&mut session, "SELECT * FROM a").await, "{dialect}: it was emptied");

        assert!(matches!(shadow(&other, &main, Some(&other)).await, Err(Error::ShadowIsMain)));
        session.close().await;
        drop(&other, &SessionOptions::default()).await.unwrap();

        // Somebody's database is not emptied.
        create(&other, &SessionOptions::default()).await.unwrap();
        let session = deployed(&other, &main).await;
        let refused = problem(shadow(url, &main, Some(&other)).await);
        assert!(refused.contains("is no shadow database"), "{dialect}: {refused}");
        let mut session = {
            session.close().await;
            open(&other, &main).await
        };
        assert!(runs(&mut session, "SELECT * FROM a").await, "{dialect}: it was not emptied");
        done(session, &other).await;
        done(open(url, &main).await, url).await;
    }
}

/// However the URL is spelt, the main database is no shadow.
#[cfg(unix)]
async fn the_main_database_in_disguise() {
    for database in databases("disguise").await {
        let (url, dialect) = (&database.url, database.url.dialect());
        let main = history(dialect, &["CREATE TABLE a (id INT)"]);
        let name = url.database();
        let spellings: Vec<String> = match dialect {
            Dialect::Sqlite => {
                let path = std::path::Path::new(&name);
                let link = path.with_file_name("link.db");
                let hard = path.with_file_name("hard.db");
                std::os::unix::fs::symlink(path, &link).unwrap();
                std::fs::hard_link(path, &hard).unwrap();
                let folder = path.parent().unwrap().display();
                vec![
                    format!("sqlite://{name}"),
                    format!("file:{name}"),
                    format!("sqlite:{folder}/./test.db"),
                    format!(
                        "sqlite:{folder}/../{}/test.db",
                        path.parent().unwrap().file_name().unwrap().to_str().unwrap()
                    ),
                    format!("sqlite:{}", link.display()),
                    format!("sqlite:{}", hard.display()),
                ]
            }
            Dialect::Postgres => {
                let base = std::env::var("XDB_TEST_POSTGRES_URL").unwrap();
                let (start, _) = base.rsplit_once('/').unwrap();
                vec![
                    format!("{start}/{name}"),
                    format!("{start}/{name}?schema=public"),
                    format!("{start}/{}?pgbouncer=true", name.replacen('x', "%78", 1)),
                    format!("{}/{name}", start.replace("127.0.0.1", "localhost")),
                    format!("{start}/postgres?dbname={name}"),
                ]
            }
            Dialect::Mysql => {
                let base = std::env::var("XDB_TEST_MARIADB_URL").unwrap();
                let (start, _) = base.rsplit_once('/').unwrap();
                vec![
                    format!("{start}/{name}"),
                    format!("{}/{name}", start.replace("mysql://", "mariadb://")),
                    format!("{}/{name}", start.replace("127.0.0.1", "localhost")),
                    format!("{start}/{}", name.replacen('x', "%78", 1)),
                ]
            }
        };
        let session = deployed(url, &main).await;
        for text in spellings {
            let other = DbUrl::parse(&text, std::path::Path::new("")).unwrap();
            let refused = shadow(url, &main, Some(&other)).await;
            assert!(matches!(refused, Err(Error::ShadowIsMain)), "{text}: {refused:?}");
        }
        let mut session = {
            session.close().await;
            open(url, &main).await
        };
        assert!(runs(&mut session, "SELECT * FROM a").await, "{dialect}: it is untouched");
        done(session, url).await;
    }
}
