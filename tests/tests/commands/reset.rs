//! `reset`: empties the development database and applies everything again.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

on_each!(
    fn empties_and_applies_again(ws) {
        history::developed(ws);
        ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'a')");
        ws.database().execute("CREATE TABLE stray (id INTEGER PRIMARY KEY)");
        ws.run(&["reset"]).refused(5, "XDB0403").says("--force");
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "1");
        ws.run_ok(&["reset", "--force"]).says("stray");
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "0");
        assert!(!ws.database().has_table("stray"));
        assert_eq!(history::applied(ws).len(), 3);
        ws.run_ok(&["status"]);
        // The marker stays.
        ws.run_ok(&["env"]).says("development");
        ws.run_ok(&["reset", "--force"]);
    }
);

on_each!(
    fn refuses_a_database_that_was_deployed(ws) {
        history::deployed(ws);
        ws.run(&["reset", "--force"]).refused(5, "XDB0402");
        assert!(ws.database().has_table("users"));
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    snapshot!("asks", ws.run(&["reset"]));
    snapshot!("reset", ws.run(&["reset", "--force"]));
}
