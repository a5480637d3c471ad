//! `script`: the SQL that `deploy` would run, bookkeeping included.

use std::io::Write;

use xtask_db_tests::servers::find;
use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS};

on_each!(
    [Sqlite, Postgres]
    fn what_it_prints_is_a_deploy(ws) {
        history::sealed(ws);
        let script = ws.run_ok(&["script"]).stdout;
        assert!(!ws.database().has_table("users"), "it only prints");
        if !run_by_its_client(ws, &script) {
            return;
        }
        assert!(ws.database().has_table("courses"));
        ws.run_ok(&["status"]);
        ws.run_ok(&["deploy"]);
    }
);

/// The script is for psql or sqlite3.
fn run_by_its_client(ws: &Workspace, script: &str) -> bool {
    ws.write("script.sql", script);
    let name = if ws.database().kind() == Kind::Sqlite { "sqlite3" } else { "psql" };
    let Some(program) = find(name) else {
        let mut err = std::io::stderr();
        drop(writeln!(err, "skipped the run of a script: {name} is not installed"));
        return false;
    };
    let mut command = ws.command(program);
    match ws.database().kind() {
        Kind::Sqlite => {
            let file = ws.database().url().trim_start_matches("sqlite:");
            command.args([file, ".read script.sql"])
        }
        _ => command.args(["-qX", "-f", "script.sql", &ws.database().direct_url()]),
    };
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}\n{script}");
    true
}

#[test]
fn a_range() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    let script = ws.run_ok(&["script", "--from", COURSES, "--to", STATUS]).stdout;
    assert!(script.contains("ADD COLUMN status") && !script.contains("CREATE TABLE users"));
    let _ = ws.run(&["script", "--to", "20990101000000_nothing"]).refused(2, "XDB0104");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    snapshot!("unknown", ws.run(&["script", "--to", "20990101000000_nothing"]));
    let run = ws.run_ok(&["script", "--to", "20260101000000_users"]);
    assert!(run.stdout.contains("CREATE TABLE users"), "{run}");
}
