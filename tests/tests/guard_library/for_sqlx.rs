//! `sqlx_migrator()` on the databases that `#[sqlx::test]` would make.

use sqlx::migrate::Migrator;
use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Workspace};

use crate::embedded::{A, B, migrator, run};

/// Runs it as `#[sqlx::test]` does, and a second time, which must find nothing to do.
fn apply(migrator: &Migrator, ws: &Workspace) {
    let database = ws.database();
    run(async {
        for _ in 0..2 {
            match database.kind() {
                Kind::Sqlite => {
                    let url = format!("{}?mode=rwc", database.url());
                    let pool = sqlx::SqlitePool::connect(&url).await.expect("a pool");
                    migrator.run(&pool).await.expect("every migration");
                    pool.close().await;
                }
                Kind::Postgres | Kind::PgBouncer => {
                    let pool = sqlx::PgPool::connect(database.url()).await.expect("a pool");
                    migrator.run(&pool).await.expect("every migration");
                    pool.close().await;
                }
                Kind::MariaDb => {
                    let pool = sqlx::MySqlPool::connect(database.url()).await.expect("a pool");
                    migrator.run(&pool).await.expect("every migration");
                    pool.close().await;
                }
            }
        }
    });
}

/// Applies by sqlx, and says what the database then answers.
fn check(ws: &Workspace, migrations: &[(&str, &str)], question: &str, answer: &[&str]) {
    let ours = migrator(ws.database().kind(), migrations);
    apply(&ours.sqlx_migrator().expect("sqlx can carry each of them"), ws);
    assert_eq!(ws.database().column(question), answer);
}

const APPLIED: &str = "SELECT description FROM _sqlx_migrations ORDER BY version";

on_each!(
    fn every_migration_in_order(ws) {
        let fill = ("2_fill", "INSERT INTO a VALUES (1);\nINSERT INTO b VALUES (2);\n");
        // equal versions, and more digits than sqlx has room for
        let long = ("202601020304050607089999_x", "INSERT INTO a VALUES (3);\n");
        check(ws, &[A, B, fill, long], "SELECT id FROM a ORDER BY id", &["1", "3"]);
        assert_eq!(ws.database().column(APPLIED), ["1_a", "2_b", "2_fill", long.0]);
    }
);

on_each!(
    [Sqlite]
    fn a_rebuild_keeps_the_child_rows(ws) {
        let family = (
            "1_family",
            "CREATE TABLE p (id INTEGER PRIMARY KEY);\n\
             CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE);\n\
             INSERT INTO p VALUES (1);\nINSERT INTO c VALUES (1);\n",
        );
        let rebuild = (
            "2_rebuild",
            "CREATE TABLE p2 (id INTEGER PRIMARY KEY, name TEXT);\n\
             INSERT INTO p2 (id) SELECT id FROM p;\nDROP TABLE p;\n\
             ALTER TABLE p2 RENAME TO p;\n",
        );
        check(ws, &[family, rebuild], "SELECT count(*) FROM c", &["1"]);
    }
);

on_each!(
    [Sqlite]
    fn a_trigger_and_a_block_of_its_own(ws) {
        let trigger = (
            "2_trigger",
            "BEGIN;\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  \
             INSERT INTO b VALUES (NEW.id);\n  SELECT 1;\nEND;\nCOMMIT;\n",
        );
        let all = [A, ("1_b", B.1), trigger, ("3_x", "INSERT INTO a VALUES (7);")];
        check(ws, &all, "SELECT id FROM b", &["7"]);
    }
);

on_each!(
    [Postgres]
    fn steps_and_concurrently(ws) {
        let index = ("2_index", "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON a (id);\n");
        let steps = (
            "3_steps",
            "-- no-transaction\nCREATE TYPE mood AS ENUM ('sad');\n\
             ALTER TYPE mood ADD VALUE 'ok';\nCREATE TABLE m (m mood DEFAULT 'ok');\n\
             INSERT INTO m DEFAULT VALUES;\nVACUUM m;\n",
        );
        let block = ("4_block", "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;\n");
        check(ws, &[A, index, steps, block], "SELECT m::text FROM m", &["ok"]);
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'i'::regclass";
        assert_eq!(ws.database().column(valid), ["true"]);
    }
);

on_each!(
    [MariaDb]
    fn a_client_that_knows_delimiter(ws) {
        let trigger = (
            "2_trigger",
            "DELIMITER //\nCREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN\n  \
             SET @seen = NEW.id;\n  INSERT INTO b VALUES (NEW.id);\nEND//\nDELIMITER ;\n\
             INSERT INTO a VALUES (7);\n",
        );
        check(ws, &[A, ("1_b", B.1), trigger], "SELECT id FROM b", &["7"]);
    }
);

#[test]
fn what_it_cannot_carry_is_refused_by_name() {
    let role = ("2_role", "SELECT 1;\nCREATE ROLE app;\n");
    let refused = migrator(Kind::Postgres, &[A, role]).sqlx_migrator().expect_err("a role");
    assert_eq!(
        refused.to_string(),
        "2_role, line 2: `CREATE ROLE app` reaches outside the test's database"
    );
}
