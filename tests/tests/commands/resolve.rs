//! `resolve`: what a person must settle, without running the SQL of a migration.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS, USERS};

/// The state of an unfinished run: its row is there, and what it did is not known.
fn unfinished(ws: &Workspace) {
    history::deployed(ws);
    ws.database().execute(&format!(
        "UPDATE _xtask_db_migrations SET finished_at = NULL WHERE migration_name = '{STATUS}'"
    ));
    ws.run(&["deploy"]).refused(4, "XDB0302");
}

on_each!(
    fn applied_finishes_the_row(ws) {
        unfinished(ws);
        ws.run_ok(&["resolve", "--applied", STATUS]);
        ws.run_ok(&["status"]);
        ws.run_ok(&["deploy"]);
    }
);

on_each!(
    fn rolled_back_makes_it_pending(ws) {
        unfinished(ws);
        ws.database().execute("ALTER TABLE courses DROP COLUMN status");
        ws.run_ok(&["resolve", "--rolled-back", STATUS]);
        assert_eq!(ws.run(&["status"]).code, Some(3));
        ws.run_ok(&["deploy"]);
        ws.run_ok(&["status"]);
    }
);

on_each!(
    fn applied_through_is_a_baseline(ws) {
        history::sealed(ws);
        ws.database().execute("CREATE TABLE users (id INTEGER PRIMARY KEY)");
        ws.database().execute("CREATE TABLE courses (id INTEGER PRIMARY KEY)");
        ws.run(&["deploy"]).refused(4, "XDB0304").says("--applied-through");
        ws.run_ok(&["resolve", "--applied-through", COURSES]);
        assert_eq!(history::applied(ws), [USERS, COURSES]);
        ws.run_ok(&["deploy"]);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS]);
    }
);

on_each!(
    fn renamed_follows_the_folder(ws) {
        history::deployed(ws);
        let new = "20260103000000_course_status";
        std::fs::rename(
            ws.root().join("migrations").join(STATUS),
            ws.root().join("migrations").join(new),
        )
        .expect("renamed");
        ws.write("migrations/migrations.lock", ws.lock_file().replace(STATUS, new));
        ws.run(&["deploy"]).refused(4, "XDB0302").says(&format!("{STATUS}={new}"));
        ws.run_ok(&["resolve", "--renamed", &format!("{STATUS}={new}")]);
        ws.run_ok(&["status"]);
        assert_eq!(history::applied(ws), [USERS, COURSES, new]);
    }
);

on_each!(
    fn what_is_not_so_is_refused(ws) {
        history::deployed(ws);
        for words in [
            ["--applied", "20990101000000_nothing"],
            ["--rolled-back", "20990101000000_nothing"],
            ["--resume", STATUS],
            ["--applied-through", "20990101000000_nothing"],
            ["--renamed", "20990101000000_nothing=x"],
        ] {
            let run = ws.run(&["resolve", words[0], words[1]]);
            assert!(matches!(run.code, Some(2 | 4)), "{run}");
        }
        let run = ws.run(&["resolve"]);
        assert_eq!(run.code, Some(2), "{run}");
        assert_eq!(history::applied(ws).len(), 3);
    }
);

on_each!(
    [MariaDb]
    fn resume_goes_on_at_the_statement_that_failed(ws) {
        let id = "20260101000000_steps";
        ws.migration(
            id,
            "CREATE TABLE one (id INTEGER PRIMARY KEY);\n\
             INSERT INTO one (id) VALUES (1);\n\
             ALTER TABLE two ADD COLUMN added INTEGER;\n\
             CREATE TABLE three (id INTEGER PRIMARY KEY);\n",
        );
        ws.run_ok(&["lock"]);
        ws.run(&["deploy"]).refused(6, "XDB0501").says("3 of 4");
        ws.run(&["deploy"]).says(id);
        ws.database().execute("CREATE TABLE two (id INTEGER PRIMARY KEY)");
        ws.run_ok(&["resolve", "--resume", id]);
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM one"), "1");
        assert!(ws.database().has_table("three"));
        ws.run_ok(&["status"]);
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    unfinished(&ws);
    snapshot!("stopped", ws.run(&["deploy"]));
    snapshot!("applied", ws.run(&["resolve", "--applied", STATUS]));
    snapshot!("unknown", ws.run(&["resolve", "--applied", "20990101000000_nothing"]));
}
