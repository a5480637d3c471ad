//! `create`: the database itself, marked for development.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

on_each!(
    fn makes_it_once(ws) {
        ws.database().remove();
        ws.run_ok(&["create"]);
        assert_eq!(ws.database().value("SELECT 1"), "1");
        ws.run_ok(&["create"]);
        ws.run_ok(&["env"]).says("development");
    }
);

on_each!(
    fn leaves_what_is_there(ws) {
        ws.database().execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)");
        let _ = ws.run(&["create"]);
        assert!(ws.database().has_table("kept"));
        let env = ws.run_ok(&["env"]);
        assert!(!env.stdout.contains("is marked"), "objects and no marker: not ours to stamp");
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    snapshot!("made", ws.run(&["create"]));
    snapshot!("there", ws.run(&["create"]));
}
