//! `repair`: accepts an edit of a sealed migration.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, USERS};

on_each!(
    fn a_comment_is_accepted_and_re_stamped(ws) {
        history::deployed(ws);
        let text = ws.read(&format!("migrations/{USERS}/migration.sql"));
        ws.migration(USERS, &format!("-- who may log in\n{text}"));
        ws.run(&["deploy"]).refused(4, "XDB0201");
        ws.run_ok(&["repair"]);
        assert!(ws.lock_file().lines().any(|line| line.contains("was:") && line.ends_with(USERS)));
        ws.run_ok(&["check"]);
        let old = checksum(ws);
        ws.run_ok(&["deploy"]);
        assert_ne!(checksum(ws), old, "deploy re-stamps the row");
        ws.run_ok(&["status"]);
    }
);

fn checksum(ws: &Workspace) -> String {
    ws.database().value(&format!(
        "SELECT checksum FROM _xtask_db_migrations WHERE migration_name = '{USERS}'"
    ))
}

on_each!(
    fn a_true_edit_needs_a_name_and_a_reason(ws) {
        history::deployed(ws);
        ws.git_init();
        ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n");
        let lock = ws.lock_file();
        ws.run(&["repair"]).says(USERS).says("--accept");
        assert_eq!(ws.lock_file(), lock);
        let without = ws.run(&["repair", "--accept", USERS]);
        assert_eq!(without.code, Some(2), "{without}");
        assert_eq!(ws.lock_file(), lock);
        ws.run_ok(&["repair", "--accept", USERS, "--reason", "a length that no row uses"]);
        ws.run_ok(&["deploy"]);
        ws.run_ok(&["status"]);
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    snapshot!("nothing", ws.run(&["repair"]));
    let text = ws.read(&format!("migrations/{USERS}/migration.sql"));
    ws.migration(USERS, &format!("-- who may log in\n{text}"));
    snapshot!("cosmetic", ws.run(&["repair"]));
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    snapshot!("true_edit", ws.run(&["repair"]));
}
