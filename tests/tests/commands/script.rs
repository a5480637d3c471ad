//! `script`: the SQL that `deploy` would run, bookkeeping included.

use xtask_db_tests::on_each;
use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::history::{self, COURSES, STATUS};

on_each!(
    [Sqlite, Postgres]
    fn what_it_prints_is_a_deploy(ws) {
        history::sealed(ws);
        let script = ws.run_ok(&["script"]).stdout;
        assert!(!ws.database().has_table("users"), "it only prints");
        ws.database().execute(&script);
        assert!(ws.database().has_table("courses"));
        ws.run_ok(&["status"]);
        ws.run_ok(&["deploy"]);
    }
);

#[test]
fn a_range() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    let script = ws.run_ok(&["script", "--from", COURSES, "--to", STATUS]).stdout;
    assert!(script.contains("ADD COLUMN status") && !script.contains("CREATE TABLE users"));
    let _ = ws.run(&["script", "--to", "20990101000000_nothing"]).fails(2);
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    snapshot!("unknown", ws.run(&["script", "--to", "20990101000000_nothing"]));
    let run = ws.run_ok(&["script", "--to", "20260101000000_users"]);
    assert!(run.stdout.contains("CREATE TABLE users"), "{run}");
}
