//! `drop`: removes the development database, and no other.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

fn is_there(ws: &Workspace) -> bool {
    match ws.database().kind() {
        Kind::Sqlite => {
            std::path::Path::new(ws.database().url().trim_start_matches("sqlite:")).exists()
        }
        _ => ws.database().refusal("SELECT 1").is_none(),
    }
}

on_each!(
    fn removes_a_development_database(ws) {
        history::developed(ws);
        ws.run(&["drop"]).refused(5, "XDB0403");
        assert!(is_there(ws));
        ws.run_ok(&["drop", "--force"]);
        assert!(!is_there(ws));
        ws.run_ok(&["create"]);
        ws.run_ok(&["deploy"]);
    }
);

on_each!(
    fn refuses_any_other(ws) {
        history::deployed(ws);
        ws.run(&["drop", "--force"]).refused(5, "XDB0402");
        assert!(is_there(ws) && ws.database().has_table("users"));
    }
);

on_each!(
    fn refuses_objects_without_a_marker(ws) {
        ws.database().execute("CREATE TABLE theirs (id INTEGER PRIMARY KEY)");
        ws.run(&["drop", "--force"]).refused(5, "XDB0402");
        assert!(ws.database().has_table("theirs"));
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    snapshot!("asks", ws.run(&["drop"]));
    snapshot!("dropped", ws.run(&["drop", "--force"]));
}
