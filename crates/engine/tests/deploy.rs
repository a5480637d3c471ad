//! `deploy` on real servers: what is applied, what a failure leaves, what is refused.

mod support;

use support::{databases, history, migration};
use xtask_db_engine::{
    DeployOptions, DeployReport, Error, LeftAs, Session, SessionOptions, Silent, deploy, inspect,
};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

async fn open(url: &xtask_db_engine::DbUrl, history: &History) -> Session {
    Session::open(url, &history.lock.table, &SessionOptions::default()).await.expect("a session")
}

async fn run(session: &mut Session, history: &History) -> Result<DeployReport, Error> {
    deploy(session, history, &DeployOptions::default(), &mut Silent).await
}

fn ids(report: &DeployReport) -> Vec<&str> {
    report.applied.iter().map(|applied| applied.id.as_str()).collect()
}

#[tokio::test]
async fn applies_in_order_and_once() {
    for database in databases("once").await {
        let dialect = database.url.dialect();
        let texts =
            ["CREATE TABLE a (id INT); INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (2)"];
        let history = history(dialect, &texts);
        let mut session = open(&database.url, &history).await;
        let report = run(&mut session, &history).await.expect("a deploy");
        assert_eq!(ids(&report), ["1_m", "2_m"], "{dialect}");
        assert_eq!(report.environment.as_deref(), Some("deployed"));
        let again = run(&mut session, &history).await.expect("a deploy");
        assert_eq!(ids(&again), [""; 0], "{dialect}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        assert!(seen.survey.up_to_date(), "{:?}", seen.survey);
        assert_eq!(seen.ledger.rows.len(), 2);
        assert!(seen.ledger.rows.iter().all(|row| row.duration_ms.is_some_and(|ms| ms < 60_000)));
        assert!(!seen.ledger.held);
        session.close().await;
    }
}

#[tokio::test]
async fn a_failure_leaves_nothing_or_says_what() {
    for database in databases("failure").await {
        let dialect = database.url.dialect();
        let bad =
            "CREATE TABLE a (id INT);\nINSERT INTO a VALUES (1);\nINSERT INTO missing VALUES (1);";
        let history = history(dialect, &[bad]);
        let mut session = open(&database.url, &history).await;
        let Err(Error::Failed(failure)) = run(&mut session, &history).await else {
            panic!("{dialect}: it should fail");
        };
        assert_eq!((failure.statement, failure.statements), (3, 3), "{dialect}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        if dialect == Dialect::Mysql {
            assert_eq!(failure.left, LeftAs::Partly { done: 1 });
            assert_eq!(seen.survey.failed.len(), 1);
            assert_eq!(seen.survey.failed[0].row.steps, 1);
        } else {
            assert_eq!(failure.left, LeftAs::Untouched);
            assert_eq!(seen.survey.rolled_back.len(), 1, "{:?}", seen.survey);
            assert_eq!(seen.survey.pending.len(), 1);
        }
        // The same text would fail again.
        let again = run(&mut session, &history).await;
        assert!(matches!(again, Err(Error::Repeat { .. })), "{dialect}: {again:?}");
        // Once the cause is gone, a retry goes on where it stopped.
        let fix = ["CREATE TABLE missing (id INT)"];
        for sql in fix {
            let seed = xtask_db_engine::run_script(&mut session, "fix.sql", sql, &mut Silent).await;
            seed.expect("the fix");
        }
        let options = DeployOptions { retry: true, ..DeployOptions::default() };
        let done = deploy(&mut session, &history, &options, &mut Silent).await.expect("a retry");
        assert_eq!(ids(&done), ["1_m"], "{dialect}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        assert!(seen.survey.up_to_date(), "{dialect}: {:?}", seen.survey);
        session.close().await;
    }
}

#[tokio::test]
async fn a_verify_that_finds_something_undoes_the_migration() {
    for database in databases("verify").await {
        let dialect = database.url.dialect();
        let mut history = history(dialect, &["CREATE TABLE a (id INT); INSERT INTO a VALUES (1)"]);
        history.migrations[0].verify =
            Some(migration("1_m", "SELECT count(*) FROM a WHERE id = 2; SELECT id FROM a").up);
        let mut session = open(&database.url, &history).await;
        let failed = run(&mut session, &history).await;
        let Err(Error::Verify { statement: 2, found, .. }) = failed else {
            panic!("{dialect}: {failed:?}");
        };
        assert_eq!(found, "1");
        let seen = inspect(&mut session, &history).await.expect("a look");
        assert_eq!(seen.survey.applied.len(), 0);
        session.close().await;
    }
}

#[tokio::test]
async fn each_migration_starts_from_the_same_session() {
    for database in databases("session").await {
        let dialect = database.url.dialect();
        let spoil = match dialect {
            Dialect::Sqlite => "PRAGMA recursive_triggers = ON; CREATE TABLE a (id INT)",
            Dialect::Postgres => {
                "CREATE SCHEMA other; SET search_path TO other; SET statement_timeout = 5; \
                 CREATE TABLE public.a (id INT)"
            }
            Dialect::Mysql => "SET sql_mode = 'ANSI_QUOTES'; CREATE TABLE a (id INT)",
        };
        let next = match dialect {
            Dialect::Mysql => "CREATE TABLE b (t VARCHAR(9) DEFAULT \"x\")",
            _ => "CREATE TABLE b (id INT); INSERT INTO a VALUES (1)",
        };
        let history = history(dialect, &[spoil, next]);
        let mut session = open(&database.url, &history).await;
        let report = run(&mut session, &history).await.expect("a deploy");
        assert_eq!(ids(&report), ["1_m", "2_m"], "{dialect}");
        session.close().await;
    }
}

#[tokio::test]
async fn many_deployers_apply_each_migration_once() {
    for database in databases("many").await {
        let dialect = database.url.dialect();
        let texts = [
            "CREATE TABLE trace (id INT); INSERT INTO trace VALUES (1)",
            "INSERT INTO trace VALUES (2)",
            "CREATE INDEX trace_id ON trace (id)",
        ];
        let history = history(dialect, &texts);
        let runs = (0..8).map(|_| async {
            let mut session = open(&database.url, &history).await;
            let report = run(&mut session, &history).await;
            session.close().await;
            report
        });
        let mut applied = 0;
        for report in futures_util::future::join_all(runs).await {
            applied += report.unwrap_or_else(|error| panic!("{dialect}: {error}")).applied.len();
        }
        assert_eq!(applied, 3, "{dialect}");
    }
}

#[tokio::test]
async fn atomic_is_all_or_nothing() {
    for database in databases("atomic").await {
        let dialect = database.url.dialect();
        let history =
            history(dialect, &["CREATE TABLE a (id INT)", "CREATE TABLE b (id INT)", "oops"]);
        let mut session = open(&database.url, &history).await;
        let options = DeployOptions { atomic: true, ..DeployOptions::default() };
        let failed = deploy(&mut session, &history, &options, &mut Silent).await;
        match dialect {
            Dialect::Mysql => assert!(matches!(failed, Err(Error::NotAtomic { .. }))),
            _ => assert!(matches!(failed, Err(Error::Failed(_))), "{dialect}: {failed:?}"),
        }
        let seen = inspect(&mut session, &history).await.expect("a look");
        assert_eq!(seen.survey.applied.len(), 0, "{dialect}");
        assert_eq!(seen.survey.pending.len(), 3);
        session.close().await;
    }
}

#[tokio::test]
async fn a_rebuild_keeps_the_rows_that_refer_to_it() {
    for database in databases("rebuild").await {
        if database.url.dialect() != Dialect::Sqlite {
            continue;
        }
        let start = "CREATE TABLE course (id INTEGER PRIMARY KEY, status TEXT);
            CREATE TABLE lesson (id INTEGER PRIMARY KEY,
                course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE);
            INSERT INTO course VALUES (1, 'x'), (2, 'y');
            INSERT INTO lesson VALUES (1, 1), (2, 1), (3, 2)";
        let rebuild = "CREATE TABLE new_course (id INTEGER PRIMARY KEY, status TEXT NOT NULL);
            INSERT INTO new_course SELECT id, status FROM course;
            DROP TABLE course;
            ALTER TABLE new_course RENAME TO course";
        let lossy = "CREATE TABLE new_course (id INTEGER PRIMARY KEY, status TEXT NOT NULL);
            INSERT INTO new_course SELECT id, status FROM course WHERE id = 1;
            DROP TABLE course;
            ALTER TABLE new_course RENAME TO course";
        let history = history(Dialect::Sqlite, &[start, rebuild, lossy]);
        let mut session = open(&database.url, &history).await;
        let failed = run(&mut session, &history).await;
        let Err(Error::RowLoss { id, problem }) = failed else { panic!("{failed:?}") };
        assert_eq!(id.as_str(), "3_m");
        assert!(problem.contains("lesson"), "{problem}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        assert_eq!(seen.survey.applied.len(), 2);
        let still =
            "CREATE TEMP TABLE t (n CHECK (n = 3)); INSERT INTO t SELECT count(*) FROM lesson";
        let check =
            xtask_db_engine::run_script(&mut session, "check.sql", still, &mut Silent).await;
        check.expect("three lessons");
        session.close().await;
    }
}

#[tokio::test]
async fn a_journaled_file_goes_on_where_it_stopped() {
    for database in databases("journal").await {
        let dialect = database.url.dialect();
        let alone = match dialect {
            Dialect::Sqlite => "VACUUM",
            Dialect::Postgres => "CREATE INDEX CONCURRENTLY a_id ON a (id)",
            Dialect::Mysql => "CREATE INDEX a_id ON a (id)",
        };
        let text = format!(
            "CREATE TABLE a (id INT);\nINSERT INTO a VALUES (1);\n{alone};\n\
             INSERT INTO a VALUES (2);\nINSERT INTO missing VALUES (1);\nINSERT INTO a VALUES (3);"
        );
        let history = history(dialect, &[&text]);
        let mut session = open(&database.url, &history).await;
        let Err(Error::Failed(failure)) = run(&mut session, &history).await else {
            panic!("{dialect}: it should fail");
        };
        assert_eq!((failure.statement, failure.left), (5, LeftAs::Partly { done: 3 }), "{dialect}");
        let fix = "CREATE TABLE missing (id INT)";
        let seed = xtask_db_engine::run_script(&mut session, "fix.sql", fix, &mut Silent).await;
        seed.expect("the fix");

        // Another text before the place where it stopped cannot be resumed.
        let mut edited = history.clone();
        edited.migrations[0] = migration("1_m", &text.replace("VALUES (1)", "VALUES (9)"));
        let sealed =
            xtask_db_history::Sealed::of(&edited.migrations[0], xtask_db_sql::Syntax::of(dialect));
        edited.lock.put(xtask_db_history::Entry::Sealed(sealed));
        let refused = run(&mut session, &edited).await;
        assert!(matches!(refused, Err(Error::ResumeText { done: 3, .. })), "{refused:?}");

        let options = DeployOptions { retry: true, ..DeployOptions::default() };
        let done = deploy(&mut session, &history, &options, &mut Silent).await.expect("a retry");
        assert_eq!(done.applied[0].statements, 3, "{dialect}");
        let count = "CREATE TABLE n (n INT CHECK (n = 3)); INSERT INTO n SELECT count(*) FROM a";
        let check =
            xtask_db_engine::run_script(&mut session, "check.sql", count, &mut Silent).await;
        check.unwrap_or_else(|error| panic!("{dialect}: each row once: {error}"));
        session.close().await;
    }
}

#[tokio::test]
async fn what_the_catalog_proves_needs_no_person() {
    for database in databases("proved").await {
        let dialect = database.url.dialect();
        // What ran when the process ended, what was kept of it, and how it stands now.
        let table = "CREATE TABLE b (id INT)";
        let cases: &[(&str, &str, &str, &str)] = match dialect {
            Dialect::Sqlite => &[("VACUUM", "", "", "SELECT 1")],
            Dialect::Postgres => &[
                ("CREATE INDEX CONCURRENTLY i ON a (id)", "", "", "DROP INDEX i"),
                ("CREATE INDEX CONCURRENTLY i ON a (id)", "", "DROP INDEX i", "DROP INDEX i"),
                ("DROP INDEX CONCURRENTLY a_id", "", "", "SELECT 1"),
                ("DROP INDEX CONCURRENTLY a_id", "", "CREATE INDEX a_id ON a (id)", "SELECT 1"),
            ],
            Dialect::Mysql => &[
                (table, " -", "", "DROP TABLE b"),
                (table, " -", "DROP TABLE b", "DROP TABLE b"),
                ("CREATE PROCEDURE b() SELECT 1", " -", "", "DROP PROCEDURE b"),
                ("ALTER TABLE a MODIFY id BIGINT", " 0000000000000000", "", "SELECT 1"),
                ("DROP TABLE IF EXISTS a_x, a_y", " 00,-", "", "SELECT 1"),
            ],
        };
        for (alone, kept, meanwhile, undo) in cases {
            let text = format!(
                "CREATE TABLE a (id INT);\n{alone};\nINSERT INTO missing VALUES (1);\n\
                 INSERT INTO a VALUES (1);"
            );
            let text = match dialect {
                Dialect::Sqlite => format!("-- xtask-db: no-transaction\n{text}"),
                Dialect::Postgres => text.replacen(
                    "(id INT);\n",
                    "(id INT); CREATE INDEX a_id ON a (id);\n",
                    usize::from(alone.starts_with("DROP")),
                ),
                Dialect::Mysql => text,
            };
            let done = if text.contains("a_id ON a (id);\n") { 2 } else { 1 };
            let history = history(dialect, &[&text]);
            let mut session = open(&database.url, &history).await;
            assert!(run(&mut session, &history).await.is_err(), "{dialect} {alone}");
            let key = if dialect == Dialect::Mysql { "`key`" } else { "\"key\"" };
            // As a process leaves it that was killed while the statement ran.
            let killed = format!(
                "UPDATE _xtask_db_meta SET value = '1 {done} - {done}{kept}' \
                 WHERE {key} LIKE 'journal:%'; UPDATE _xtask_db_migrations \
                 SET applied_steps_count = {done}, logs = NULL; CREATE TABLE missing (id INT);\n\
                 {meanwhile};"
            );
            script(&mut session, &killed).await;
            let told = run(&mut session, &history).await;
            let told = told.unwrap_or_else(|error| panic!("{dialect} {alone}: {error}"));
            assert_eq!(told.applied.len(), 1, "{dialect} {alone}");
            let once = "CREATE TABLE n (n INT CHECK (n = 1)); INSERT INTO n SELECT count(*) FROM a";
            script(&mut session, once).await;
            let clean = format!(
                "{undo}; DROP TABLE n; DROP TABLE a; DROP TABLE missing; \
                 DELETE FROM _xtask_db_migrations; DELETE FROM _xtask_db_meta WHERE {key} LIKE 'j%'"
            );
            script(&mut session, &clean).await;
            session.close().await;
        }
    }
}

async fn script(session: &mut Session, text: &str) {
    let done = xtask_db_engine::run_script(session, "script.sql", text, &mut Silent).await;
    done.unwrap_or_else(|error| panic!("{text}: {error}"));
}

#[tokio::test]
async fn an_unknown_statement_stops_the_deploy_and_is_named() {
    for database in databases("unknown").await {
        let dialect = database.url.dialect();
        let alone = match dialect {
            // Nothing there is both done by itself and harmful twice.
            Dialect::Sqlite => continue,
            Dialect::Postgres => "ALTER TABLE a DETACH PARTITION a1 CONCURRENTLY",
            Dialect::Mysql => "TRUNCATE a",
        };
        let text = format!("CREATE TABLE a (id INT);\n{alone};\nINSERT INTO missing VALUES (1);");
        let history = history(dialect, &[&text]);
        let mut session = open(&database.url, &history).await;
        assert!(run(&mut session, &history).await.is_err());
        // As a process leaves it that was killed while the second statement ran.
        let key = if dialect == Dialect::Mysql { "`key`" } else { "\"key\"" };
        let killed = format!(
            "UPDATE _xtask_db_meta SET value = '1 1 - 1' WHERE {key} LIKE 'journal:%'; \
             UPDATE _xtask_db_migrations SET applied_steps_count = 1, logs = NULL"
        );
        let edit =
            xtask_db_engine::run_script(&mut session, "kill.sql", &killed, &mut Silent).await;
        edit.expect("the edit");
        let stopped = run(&mut session, &history).await;
        let Err(Error::Unsettled { statement: 2, statements: 3, .. }) = stopped else {
            panic!("{dialect}: {stopped:?}");
        };
        session.close().await;
    }
}
