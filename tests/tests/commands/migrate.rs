//! `migrate`: the developer's command. A broken migration is found before the database is touched.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS, USERS};

on_each!(
    fn applies_and_seals_drafts(ws) {
        history::drafts(ws);
        ws.run_ok(&["migrate"]);
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS]);
        let lock = ws.lock_file();
        for id in [USERS, COURSES, STATUS] {
            let line = lock.lines().find(|line| line.ends_with(id)).expect("a line");
            assert!(line.starts_with("sealed sha256:"), "{line}");
        }
        ws.run_ok(&["check"]);
        ws.run_ok(&["status"]);
        ws.run_ok(&["migrate"]);
        assert_eq!(ws.lock_file(), lock, "nothing new, nothing written");
        // What was stamped at the first migrate lets the commands of development through.
        ws.run_ok(&["env"]).says("development");
    }
);

on_each!(
    fn a_broken_draft_is_found_on_the_shadow(ws) {
        history::drafts(ws);
        ws.run_ok(&["migrate"]);
        ws.migration(
            "20260104000000_broken",
            "CREATE TABLE fine (id INTEGER PRIMARY KEY);\n\
             ALTER TABLE missing ADD COLUMN a INTEGER;\n",
        );
        let lock = ws.lock_file();
        ws.run(&["migrate"]).refused(6, "XDB0501").says("20260104000000_broken").says("2 of 2");
        assert!(!ws.database().has_table("fine"), "the database was not touched");
        assert_eq!(history::applied(ws).len(), 3);
        assert_eq!(ws.lock_file(), lock, "nothing was sealed");
        assert_eq!(leftover_databases(ws), Vec::<String>::new());
    }
);

/// Databases of the server that this test's runs left behind.
fn leftover_databases(ws: &Workspace) -> Vec<String> {
    let name = ws.database().name();
    let sql = match ws.database().kind() {
        Kind::Sqlite => return Vec::new(),
        Kind::MariaDb => "SELECT schema_name FROM information_schema.schemata",
        _ => "SELECT datname FROM pg_database",
    };
    let all = ws.database().server_rows(sql).into_iter().flatten().flatten();
    all.filter(|found| found.contains(name) && found != name).collect()
}

on_each!(
    fn an_edited_migration_is_refused_with_the_ways_out(ws) {
        history::developed(ws);
        ws.migration(COURSES, "CREATE TABLE courses (id INTEGER PRIMARY KEY);\n");
        ws.run(&["migrate"]).refused(4, "XDB0201").says(COURSES);
        assert_eq!(history::applied(ws).len(), 3);
    }
);

#[test]
fn create_only_writes_and_does_not_apply() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    ws.run_ok(&["migrate", "--create-only", "--name", "later"]);
    let id = ws.ids().pop().expect("four");
    assert!(id.ends_with("_later"), "{id}");
    assert_eq!(history::applied(&ws).len(), 3);
}

#[test]
fn generators_run_after_it() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db]\nafter-migrate = [\"touch generated\"]\n");
    history::drafts(&ws);
    ws.run_ok(&["migrate"]);
    assert!(ws.has("generated"));
}

#[test]
fn a_failing_generator_leaves_what_was_applied() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db]\nafter-migrate = [\"false\", \"touch no\"]\n");
    history::drafts(&ws);
    let _ = ws.run(&["migrate"]).refused(1, "XDB0902").says("generate");
    assert_eq!(history::applied(&ws).len(), 3);
    assert!(ws.lock_file().contains(STATUS));
    ws.run_ok(&["status"]);
}

on_each!(
    fn refuses_a_database_that_was_deployed(ws) {
        history::deployed(ws);
        ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        let lock = ws.lock_file();
        ws.run(&["migrate"]).refused(5, "XDB0402");
        assert!(!ws.database().has_table("next"));
        assert_eq!(ws.lock_file(), lock);
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::drafts(&ws);
    snapshot!("first", ws.run(&["migrate"]));
    snapshot!("nothing_pending", ws.run(&["migrate"]));
    ws.migration("20260104000000_broken", "SELECT 1;\nALTER TABLE missing ADD COLUMN a INTEGER;\n");
    snapshot!("broken", ws.run(&["migrate"]));
}
