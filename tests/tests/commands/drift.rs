//! A database that was changed beside its migrations: shown, adopted, discarded or left.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::env::database_name;
use crate::history;

const CHANGE: &str = "ALTER TABLE users ADD COLUMN nick VARCHAR(50)";

fn drifted(ws: &Workspace) {
    history::developed(ws);
    ws.database().execute(CHANGE);
    ws.database().execute("INSERT INTO users (id, name, nick) VALUES (1, 'a', 'b')");
}

on_each!(
    fn it_is_shown_and_asked(ws) {
        drifted(ws);
        ws.run(&["status", "--drift"]).refused(8, "XDB0701").says("nick");
        let lock = ws.lock_file();
        ws.run(&["migrate"]).refused(8, "XDB0701").says("nick").says("--on-drift adopt");
        assert_eq!(ws.lock_file(), lock);
        ws.run_ok(&["migrate", "--on-drift", "leave"]);
        assert_eq!(ws.database().column("SELECT nick FROM users"), ["b"]);
        ws.run(&["status", "--drift"]).refused(8, "XDB0701");
    }
);

on_each!(
    fn adopted_it_is_a_migration_that_is_applied_here(ws) {
        drifted(ws);
        ws.run_ok(&["migrate", "--on-drift", "adopt"]);
        assert_eq!(ws.ids().len(), 4);
        assert_eq!(history::applied(ws).len(), 4);
        assert_eq!(ws.database().column("SELECT nick FROM users"), ["b"], "nothing was run");
        ws.run_ok(&["status", "--drift"]).says("no drift");
        ws.run_ok(&["check", "--shadow"]);
        ws.run_ok(&["down", "--steps", "1"]);
        assert!(ws.database().refusal("SELECT nick FROM users").is_some());
    }
);

on_each!(
    fn discarded_it_is_undone_once_the_loss_is_accepted(ws) {
        drifted(ws);
        ws.run(&["migrate", "--on-drift", "discard"]).refused(5, "XDB0412").says("1 row");
        assert_eq!(ws.database().column("SELECT nick FROM users"), ["b"]);
        ws.run_ok(&["migrate", "--on-drift", "discard", "--accept-data-loss"]);
        assert!(ws.database().refusal("SELECT nick FROM users").is_some());
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "1");
        ws.run_ok(&["status", "--drift"]).says("no drift");
    }
);

on_each!(
    fn pending_migrations_come_first_and_what_is_adopted_after_them(ws) {
        drifted(ws);
        ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["migrate", "--on-drift", "adopt"]);
        assert_eq!(ws.ids().len(), 5);
        ws.run_ok(&["status", "--drift"]).says("no drift");
        ws.run_ok(&["check", "--shadow"]);
    }
);

on_each!(
    fn deploy_tells_it_by_a_fingerprint(ws) {
        history::deployed(ws);
        ws.run_ok(&["deploy"]).silent_about("drift");
        ws.database().execute(CHANGE);
        ws.run_ok(&["deploy"]).says("drift: the schema was changed");
        ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        ws.run(&["deploy", "--on-drift", "stop"]).refused(8, "XDB0701");
        assert!(!ws.database().has_table("next"), "nothing was applied");
        ws.run_ok(&["deploy"]).says("drift: the schema was changed");
        assert!(ws.database().has_table("next"));
        ws.run_ok(&["deploy", "--on-drift", "stop"]).silent_about("drift");
    }
);

on_each!(
    fn what_the_tool_itself_changes_is_no_drift(ws) {
        history::deployed(ws);
        let name = database_name(ws);
        ws.run_ok(&["env", "--set", "development", "--yes", &name]);
        ws.run_ok(&["down", "--steps", "1"]);
        ws.run_ok(&["deploy", "--on-drift", "stop"]).silent_about("drift");
        ws.run_ok(&["reset", "--force"]);
        ws.run_ok(&["deploy", "--on-drift", "stop"]).silent_about("drift");
    }
);

#[test]
fn ignored_objects_are_never_drift() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db]\nignore = [\"job_*\"]\n");
    history::developed(&ws);
    ws.database().execute("CREATE TABLE job_queue (id INTEGER PRIMARY KEY)");
    ws.run_ok(&["status", "--drift"]).says("no drift");
    ws.run_ok(&["migrate"]);
}

#[test]
fn it_is_not_told_where_a_migration_is_not_here() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    ws.remove(&format!("migrations/{}", history::STATUS));
    let lock: Vec<String> = ws
        .lock_file()
        .lines()
        .filter(|line| !line.ends_with(history::STATUS))
        .map(str::to_owned)
        .collect();
    ws.write("migrations/migrations.lock", lock.join("\n") + "\n");
    let run = ws.run(&["status", "--drift", "--json"]);
    assert!(run.json()["drift"]["unknown"].is_string(), "{run}");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    // What is written gets the id after this one.
    ws.run_ok(&["lock", "--absent", "20991231235900_elsewhere"]);
    drifted(&ws);
    snapshot!("status", ws.run(&["status", "--drift"]));
    snapshot!("asked", ws.run(&["migrate"]));
    snapshot!("adopted", ws.run(&["migrate", "--on-drift", "adopt"]));
    ws.database().execute("DROP INDEX courses_owner");
    snapshot!("discarded", ws.run(&["migrate", "--on-drift", "discard"]));
}
