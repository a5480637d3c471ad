//! What a failure leaves and how a later deploy goes on: commits that fail, verifies that fail,
//! settings of a session.

use xtask_db_engine::{
    Actor, DeployOptions, DeployReport, DownOptions, Error, LeftAs, Session, SessionOptions,
    Silent, Target, deploy, down, inspect, run_script,
};
use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::meanwhile::read_back;
use crate::support::{databases, history, migration};

async fn open(target: impl Into<Target>, history: &History) -> Session {
    Session::open(target, &history.lock.table, &SessionOptions::default()).await.expect("a session")
}

async fn run(session: &mut Session, history: &History) -> Result<DeployReport, Error> {
    deploy(session, history, &DeployOptions::default(), &mut Silent).await
}

async fn retry(session: &mut Session, history: &History) -> Result<DeployReport, Error> {
    let options = DeployOptions { retry: true, ..DeployOptions::default() };
    deploy(session, history, &options, &mut Silent).await
}

#[tokio::test]
async fn a_commit_that_fails_is_the_migration_s_failure() {
    for atomic in [false, true] {
        for database in databases("commit").await {
            let dialect = database.url.dialect();
            if dialect == Dialect::Mysql {
                continue;
            }
            let texts = [
                "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER \
                 REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO c VALUES (1)",
            ];
            let mut session = open(&database.url, &history(dialect, &texts[..1])).await;
            run(&mut session, &history(dialect, &texts[..1])).await.expect("a deploy");
            let history = history(dialect, &texts);
            let options = DeployOptions { atomic, ..DeployOptions::default() };
            let failed = deploy(&mut session, &history, &options, &mut Silent).await;
            let Err(Error::Failed(failure)) = failed else { panic!("{dialect}: {failed:?}") };
            assert_eq!((failure.statement, failure.left), (1, LeftAs::Untouched), "{dialect}");
            let seen = inspect(&mut session, &history).await.expect("a look");
            assert_eq!(seen.survey.rolled_back.len(), 1, "{dialect}, atomic {atomic}");
            let again = run(&mut session, &history).await;
            assert!(matches!(again, Err(Error::Repeat { .. })), "{dialect}: {again:?}");
            session.close().await;
            let left = read_back(&database.url, "SELECT count(*) FROM c", "0").await;
            assert_eq!(left, Ok(()), "{dialect}");
        }
    }
}

#[tokio::test]
async fn atomic_records_the_attempt_that_failed() {
    for database in databases("atomic_record").await {
        let dialect = database.url.dialect();
        if dialect == Dialect::Mysql {
            continue;
        }
        let history = history(dialect, &["CREATE TABLE a (id INT)", "oops"]);
        let mut session = open(&database.url, &history).await;
        let options = DeployOptions { atomic: true, ..DeployOptions::default() };
        let failed = deploy(&mut session, &history, &options, &mut Silent).await;
        assert!(matches!(failed, Err(Error::Failed(_))), "{dialect}: {failed:?}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        let tried = &seen.survey.rolled_back;
        assert_eq!(tried.len(), 1, "{dialect}");
        assert_eq!(tried[0].id.as_str(), "2_m");
        assert!(tried[0].row.logs.is_some());
        assert_eq!(seen.survey.pending.len(), 2);
        let again = deploy(&mut session, &history, &options, &mut Silent).await;
        assert!(matches!(again, Err(Error::Repeat { .. })), "{dialect}: {again:?}");
        session.close().await;
    }
}

#[tokio::test]
async fn after_a_failed_verify_only_the_verify_runs_again() {
    for database in databases("reverify").await {
        let dialect = database.url.dialect();
        let text = "-- xtask-db: no-transaction\nCREATE TABLE a (id INT);\n\
            INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);";
        let mut history = history(dialect, &[text]);
        history.migrations[0].verify = Some(migration("1_m", "SELECT id FROM a WHERE id = 2;").up);
        let mut session = open(&database.url, &history).await;
        let failed = run(&mut session, &history).await;
        let Err(Error::Verify { left: LeftAs::Partly { done: 3 }, .. }) = failed else {
            panic!("{dialect}: {failed:?}");
        };
        let again = run(&mut session, &history).await;
        assert!(matches!(again, Err(Error::Repeat { .. })), "{dialect}: {again:?}");
        sql(&mut session, "DELETE FROM a WHERE id = 2").await;
        let done = retry(&mut session, &history).await.expect("a deploy");
        assert_eq!(done.applied[0].statements, 0, "{dialect}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        assert!(seen.survey.up_to_date(), "{dialect}: {:?}", seen.survey);
        session.close().await;
        let left = read_back(&database.url, "SELECT count(*) FROM a", "1").await;
        assert_eq!(left, Ok(()), "{dialect}");
    }
}

async fn sql(session: &mut Session, text: &str) {
    run_script(session, "fix.sql", text, &mut Silent).await.expect("a script");
}

#[tokio::test]
async fn an_edit_to_one_transaction_does_not_run_what_is_committed_again() {
    for database in databases("reshaped").await {
        let dialect = database.url.dialect();
        // On MySQL every file is journaled; a statement that commits by itself ends a step there.
        let cut = if dialect == Dialect::Mysql { "CREATE TABLE z (id INT);" } else { "" };
        let of = |directive: &str, bad: &str| {
            let up = format!("{directive}UPDATE n SET v = v + 1;\n{cut}{bad}");
            let table = "CREATE TABLE n (v INT); INSERT INTO n VALUES (5)";
            let mut history = history(dialect, &[table, &up]);
            let cut = if cut.is_empty() { "" } else { "DROP TABLE z;" };
            let down = format!("{directive}UPDATE n SET v = v - 3;\n{cut}{bad}");
            history.migrations[1].down = Some(migration("2_m", &down).up);
            history
        };
        let bad = of("-- xtask-db: no-transaction\n", "INSERT INTO missing VALUES (1);");
        let good = of("", "");
        let mut session = open(&database.url, &bad).await;
        assert!(run(&mut session, &bad).await.is_err(), "{dialect}");
        let done = run(&mut session, &good).await;
        done.unwrap_or_else(|error| panic!("{dialect}: {error}"));
        let seen = inspect(&mut session, &good).await.expect("a look");
        assert!(seen.survey.up_to_date(), "{dialect}: {:?}", seen.survey);
        assert_eq!(seen.ledger.rows.len(), 2, "{dialect}");
        assert_eq!(read_back(&database.url, "SELECT v FROM n", "6").await, Ok(()), "{dialect}");

        let ids = [good.migrations[1].id.clone()];
        let options = DownOptions {
            actor: Actor::default(),
            lock_wait: std::time::Duration::from_secs(5),
            dry_run: false,
        };
        assert!(down(&mut session, &bad, &ids, &options, &mut Silent).await.is_err(), "{dialect}");
        let done = down(&mut session, &good, &ids, &options, &mut Silent).await;
        done.unwrap_or_else(|error| panic!("{dialect}: {error}"));
        session.close().await;
        assert_eq!(read_back(&database.url, "SELECT v FROM n", "3").await, Ok(()), "{dialect}");
    }
}

/// Deploys one text after another to the servers of a dialect.
async fn applies(test: &str, dialect: Dialect, texts: &[&str], question: (&str, &str)) {
    for database in databases(test).await {
        if database.url.dialect() != dialect {
            continue;
        }
        let history = history(dialect, texts);
        let mut session = open(&database.url, &history).await;
        let done = run(&mut session, &history).await;
        done.unwrap_or_else(|error| panic!("{texts:?}: {error}"));
        session.close().await;
        let (query, expected) = question;
        assert_eq!(read_back(&database.url, query, expected).await, Ok(()), "{texts:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_session_outlives_its_migration() {
    let texts = [
        "CREATE TABLE a (id INT); CREATE TEMP TABLE a2 (id INT); LISTEN x; \
         DECLARE c CURSOR WITH HOLD FOR SELECT 1; \
         SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE",
        "CREATE TEMP TABLE a2 (id INT); DECLARE c CURSOR WITH HOLD FOR SELECT 1; \
         INSERT INTO a SELECT 1 WHERE current_setting('transaction_isolation') = 'read committed'; \
         GRANT ALL ON ALL TABLES IN SCHEMA public TO pg_monitor; SET ROLE pg_monitor",
        "INSERT INTO a SELECT 2 WHERE current_user = session_user",
        "INSERT INTO a SELECT count(*) FROM pg_listening_channels() HAVING count(*) > 0",
    ];
    applies("outlives", Dialect::Postgres, &texts, ("SELECT sum(id) FROM a", "3")).await;
}

#[tokio::test]
async fn settings_of_a_file_hold_to_its_end() {
    let text = "CREATE SCHEMA app;\nSET search_path TO app;\nSET lock_timeout = '7s';\n\
        CREATE TABLE t (id INT);\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n\
        CREATE TABLE u AS SELECT current_setting('lock_timeout') AS lock;";
    applies("settings", Dialect::Postgres, &[text], ("SELECT lock FROM app.u", "7s")).await;
    let text = "-- xtask-db: no-transaction\nCREATE TABLE a (id INT);\n\
        PRAGMA recursive_triggers = ON;\n\
        CREATE TABLE b AS SELECT recursive_triggers AS t FROM pragma_recursive_triggers;";
    applies("settings", Dialect::Sqlite, &[text], ("SELECT t FROM b", "1")).await;
}

#[tokio::test]
async fn a_rebuild_that_commits_step_by_step_keeps_the_rows_that_refer_to_it() {
    let start = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES \
        p (id) ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)";
    let rebuild = "-- xtask-db: no-transaction\nCREATE TABLE new_p (id INTEGER PRIMARY KEY, x);\n\
        INSERT INTO new_p SELECT id, 1 FROM p;\nDROP TABLE p;\n\
        ALTER TABLE new_p RENAME TO p;";
    // Foreign keys are on again afterwards.
    let next = "INSERT INTO p VALUES (2, 2); INSERT INTO c VALUES (2); DELETE FROM p WHERE id = 2";
    let texts = [start, rebuild, next];
    applies("steps", Dialect::Sqlite, &texts, ("SELECT count(*) FROM c", "1")).await;
}

#[tokio::test]
async fn an_index_that_was_cut_short_is_told_from_one_in_other_letters() {
    for database in databases("letters").await {
        if database.url.dialect() != Dialect::Postgres {
            continue;
        }
        let text = "CREATE TABLE t (id INT);\nCREATE INDEX t_id ON t (id);\n\
            CREATE INDEX CONCURRENTLY \"T_Id\" ON t (id);\nINSERT INTO missing VALUES (1);";
        let history = history(Dialect::Postgres, &[text]);
        let mut session = open(&database.url, &history).await;
        assert!(run(&mut session, &history).await.is_err());
        // As a process leaves it that was killed before the third statement did anything.
        let killed = "CREATE TABLE missing (id INT); DROP INDEX \"T_Id\"; \
            UPDATE _xtask_db_meta SET value = '1 2 - 2' WHERE key LIKE 'journal:%'; \
            UPDATE _xtask_db_migrations SET applied_steps_count = 2, logs = NULL";
        sql(&mut session, killed).await;
        run(&mut session, &history).await.expect("a deploy");
        session.close().await;
        let built = "SELECT count(*) FROM pg_indexes WHERE indexname = 'T_Id'";
        assert_eq!(read_back(&database.url, built, "1").await, Ok(()));
    }
}

#[tokio::test]
async fn rows_that_a_rebuild_loses_are_missed_in_other_letters_too() {
    for database in databases("loss").await {
        if database.url.dialect() != Dialect::Sqlite {
            continue;
        }
        let start = "CREATE TABLE course (id INT); INSERT INTO course VALUES (1), (2)";
        let rebuild = "CREATE TABLE new (id INT); INSERT INTO new SELECT 1; DROP TABLE course; \
            ALTER TABLE new RENAME TO Course";
        let history = history(Dialect::Sqlite, &[start, rebuild]);
        let mut session = open(&database.url, &history).await;
        let told = run(&mut session, &history).await;
        assert!(matches!(told, Err(Error::RowLoss { .. })), "{told:?}");
        session.close().await;
        assert_eq!(read_back(&database.url, "SELECT count(*) FROM course", "2").await, Ok(()));
    }
}

#[tokio::test]
async fn a_dump_of_mysql_is_applied() {
    let text = "CREATE TABLE t (id INT PRIMARY KEY);\n/*!50701 SET @gone = 1 */;\n\
        LOCK TABLES `t` WRITE;\n/*!40000 ALTER TABLE `t` DISABLE KEYS */;\n\
        INSERT INTO `t` VALUES (1),(2);\n/*!40000 ALTER TABLE `t` ENABLE KEYS */;\n\
        UNLOCK TABLES;\nINSERT INTO t VALUES (3);";
    let next = "INSERT INTO t VALUES (4);\nLOCK TABLES t READ;";
    let texts = [text, next, "INSERT INTO t VALUES (5)"];
    applies("dump", Dialect::Mysql, &texts, ("SELECT sum(id) FROM t", "15")).await;
}

#[tokio::test]
async fn a_failure_between_table_locks_is_resumed() {
    for database in databases("locks").await {
        if database.url.dialect() != Dialect::Mysql {
            continue;
        }
        let text = "CREATE TABLE t (id INT);\nLOCK TABLES t WRITE;\nINSERT INTO t VALUES (1);\n\
            INSERT INTO missing VALUES (2);\nUNLOCK TABLES;";
        let history = history(Dialect::Mysql, &[text]);
        let mut session = open(&database.url, &history).await;
        let failed = run(&mut session, &history).await;
        assert!(matches!(&failed, Err(Error::Failed(f)) if f.statement == 4), "{failed:?}");
        sql(&mut session, "CREATE TABLE missing (id INT)").await;
        retry(&mut session, &history).await.expect("a deploy");
        session.close().await;
        for table in ["t", "missing"] {
            let query = format!("SELECT count(*) FROM {table}");
            assert_eq!(read_back(&database.url, &query, "1").await, Ok(()), "{table}");
        }
    }
}

#[tokio::test]
async fn a_pool_gets_its_connection_back_as_it_was() {
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(false);
    let options = options
        .busy_timeout(std::time::Duration::from_millis(1234))
        .pragma("recursive_triggers", "ON")
        .pragma("legacy_alter_table", "ON")
        .pragma("ignore_check_constraints", "ON");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    for text in ["CREATE TABLE a (id INT)", "oops"] {
        let history = history(Dialect::Sqlite, &["CREATE TABLE z (id INT)", text]);
        let mut session = open(&pool, &history).await;
        let _ = run(&mut session, &history).await;
        session.close().await;
        for (pragma, expected) in [
            ("foreign_keys", 0),
            ("busy_timeout", 1234),
            ("recursive_triggers", 1),
            ("legacy_alter_table", 1),
            ("ignore_check_constraints", 1),
        ] {
            let sql = format!("PRAGMA {pragma}");
            let found: i64 =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&pool).await.unwrap();
            assert_eq!(found, expected, "{pragma}");
        }
    }
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM z").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 0);
}
