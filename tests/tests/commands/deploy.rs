//! `deploy`: applies what is pending, refuses what nobody reviewed, and never asks.

use xtask_db_tests::support::{Kind, Oracle, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS, USERS};

on_each!(
    fn applies_everything_once(ws) {
        history::sealed(ws);
        let lock = ws.lock_file();
        ws.run_ok(&["deploy"]).says(USERS).says(COURSES).says(STATUS);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS]);
        assert!(ws.database().has_table("courses"));
        ws.database().execute("INSERT INTO courses (id, owner, status) VALUES (1, 1, 'new')");
        ws.run_ok(&["deploy"]);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS]);
        assert_eq!(ws.database().value("SELECT status FROM courses"), "new");
        assert_eq!(ws.lock_file(), lock, "deploy never writes the lock file");
    }
);

on_each!(
    fn is_right_by_the_oracle(ws) {
        let oracle = Oracle::new(ws);
        oracle.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);");
        oracle.migration("20260102000000_b", "CREATE TABLE b (id INTEGER PRIMARY KEY);");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
        oracle.check();
    }
);

on_each!(
    fn a_failed_migration_names_its_place_and_is_tried_again(ws) {
        let oracle = Oracle::new(ws);
        oracle.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);");
        oracle.migration(
            "20260102000000_b",
            "CREATE TABLE b (id INTEGER PRIMARY KEY);\n\
             INSERT INTO not_there (id)\n  VALUES (1);",
        );
        ws.run_ok(&["lock"]);
        let failed = ws.run(&["deploy"]).refused(6, "XDB0501");
        Oracle::check_run(&failed);
        failed
            .says("20260102000000_b/migration.sql")
            .says("not_there")
            .says("2 of 3");
        assert_eq!(history::applied(ws).len(), 2, "those before it stay");
        let partly = ws.database().kind() == Kind::MariaDb;
        assert_eq!(ws.database().has_table("b"), partly, "undone where DDL can be");
        // The cause is removed, and the same text is tried again.
        ws.database().execute("CREATE TABLE not_there (id INTEGER PRIMARY KEY)");
        if partly {
            ws.run_ok(&["resolve", "--resume", "20260102000000_b"]);
        } else {
            ws.run_ok(&["deploy", "--retry"]);
        }
        ws.database().execute("DROP TABLE not_there");
        assert_eq!(
            ws.database().column("SELECT id FROM trace ORDER BY id"),
            ["20200101000000_trace", "20260101000000_a", "20260102000000_b"]
        );
        ws.run_ok(&["status"]);
    }
);

on_each!(
    [Sqlite, Postgres]
    fn the_same_failure_again_needs_a_word(ws) {
        ws.migration("20260101000000_a", "INSERT INTO not_there (id) VALUES (1);\n");
        ws.run_ok(&["lock"]);
        ws.run(&["deploy"]).refused(6, "XDB0501");
        ws.run(&["deploy"]).refused(6, "XDB0502").says("--retry");
        ws.run(&["deploy", "--retry"]).refused(6, "XDB0501");
    }
);

on_each!(
    fn refuses_a_draft(ws) {
        history::sealed(ws);
        ws.migration("20260104000000_draft", "CREATE TABLE draft (id INTEGER PRIMARY KEY);\n");
        ws.run(&["deploy"]).refused(4, "XDB0213").says("20260104000000_draft");
        assert!(!ws.database().has_table("users"), "nothing was written");
        assert!(!ws.database().has_table("_xtask_db_migrations"));
    }
);

on_each!(
    fn refuses_a_sealed_file_that_changed(ws) {
        history::sealed(ws);
        ws.migration(COURSES, "CREATE TABLE courses (id INTEGER PRIMARY KEY);\n");
        ws.run(&["deploy"]).refused(4, "XDB0201").says(COURSES);
        assert!(!ws.database().has_table("users"), "nothing was written");
    }
);

on_each!(
    fn stops_at_the_id_it_was_given(ws) {
        history::sealed(ws);
        ws.run_ok(&["deploy", "--to", COURSES]);
        assert_eq!(history::applied(ws), [USERS, COURSES]);
        ws.run(&["deploy", "--to", "20990101000000_nothing"]).refused(4, "XDB0309");
    }
);

on_each!(
    fn a_dry_run_writes_nothing(ws) {
        history::sealed(ws);
        ws.run_ok(&["deploy", "--dry-run"]).says(USERS).says(STATUS);
        assert!(!ws.database().has_table("users"));
        assert!(!ws.database().has_table("_xtask_db_migrations"));
    }
);

on_each!(
    [Sqlite, Postgres]
    fn atomic_is_all_or_nothing(ws) {
        history::drafts(ws);
        ws.migration("20260104000000_broken", "INSERT INTO not_there (id) VALUES (1);\n");
        ws.run_ok(&["lock"]);
        ws.run(&["deploy", "--atomic"]).refused(6, "XDB0501").says("20260104000000_broken");
        assert!(!ws.database().has_table("users"));
        ws.database().execute("CREATE TABLE not_there (id INTEGER PRIMARY KEY)");
        ws.run_ok(&["deploy", "--atomic", "--retry"]);
        assert_eq!(history::applied(ws).len(), 4);
    }
);

on_each!(
    [MariaDb]
    fn atomic_is_refused_where_ddl_commits(ws) {
        history::sealed(ws);
        ws.run(&["deploy", "--atomic"]).refused(2, "XDB0120");
        assert!(!ws.database().has_table("users"));
    }
);

on_each!(
    [Postgres]
    fn atomic_is_refused_with_a_concurrent_index(ws) {
        history::drafts(ws);
        ws.migration(
            "20260104000000_index",
            "CREATE INDEX CONCURRENTLY courses_status ON courses (status);\n",
        );
        ws.run_ok(&["lock"]);
        ws.run(&["deploy", "--atomic"]).refused(2, "XDB0120").says("20260104000000_index");
        assert!(!ws.database().has_table("users"));
        ws.run_ok(&["deploy"]);
        let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'courses_status'::regclass";
        assert_eq!(ws.database().value(valid), "t");
    }
);

on_each!(
    fn refuses_to_go_back_in_order(ws) {
        history::deployed(ws);
        ws.migration("20260101120000_late", "CREATE TABLE late (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        ws.run(&["deploy"]).refused(4, "XDB0302").says("20260101120000_late").says(STATUS);
        assert!(!ws.database().has_table("late"));
        ws.run_ok(&["deploy", "--out-of-order"]);
        assert!(ws.database().has_table("late"));
    }
);

on_each!(
    fn a_database_ahead_is_accepted_unless_told(ws) {
        history::deployed(ws);
        ws.remove(&format!("migrations/{STATUS}"));
        let lock = ws.lock_file();
        let older: Vec<&str> = lock.lines().filter(|line| !line.ends_with(STATUS)).collect();
        ws.write("migrations/migrations.lock", older.join("\n") + "\n");
        ws.run_ok(&["deploy"]).says(STATUS);
        ws.run(&["deploy", "--on-ahead=stop"]).refused(4, "XDB0303").says(STATUS);
    }
);

on_each!(
    fn a_hole_is_refused(ws) {
        history::deployed(ws);
        ws.remove(&format!("migrations/{COURSES}"));
        let lock = ws.lock_file();
        let rest: Vec<&str> = lock.lines().filter(|line| !line.ends_with(COURSES)).collect();
        ws.write("migrations/migrations.lock", rest.join("\n") + "\n");
        ws.run(&["deploy"]).refused(4, "XDB0302").says(COURSES);
        ws.run(&["status"]).refused(4, "XDB0302").says(COURSES);
    }
);

on_each!(
    fn says_what_it_did_as_json(ws) {
        history::sealed(ws);
        let json = ws.run_ok(&["deploy", "--json"]).json();
        assert_eq!(json["version"], 1);
        let again = ws.run_ok(&["deploy", "--json"]).json();
        assert_eq!(again["version"], 1);
        assert!(!again.to_string().contains(USERS), "nothing was applied: {again}");
        assert!(json.to_string().contains(USERS), "{json}");
    }
);

on_each!(
    fn verify_that_finds_something_fails_the_migration(ws) {
        ws.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);\n");
        ws.write("migrations/20260101000000_a/verify.sql", "SELECT COUNT(*) + 3 FROM a;\n");
        ws.run_ok(&["lock"]);
        ws.run(&["deploy"]).refused(6, "XDB0503").says("verify.sql");
        let undone = ws.database().kind() != Kind::MariaDb;
        assert_eq!(!ws.database().has_table("a"), undone);
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    snapshot!("first", ws.run(&["deploy"]));
    snapshot!("nothing_pending", ws.run(&["deploy"]));
    ws.migration("20260104000000_broken", "SELECT 1;\nINSERT INTO missing VALUES (1);\n");
    snapshot!("draft", ws.run(&["deploy"]));
    ws.run_ok(&["lock"]);
    snapshot!("failed", ws.run(&["deploy"]));
}
