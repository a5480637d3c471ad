//! The binary in a release container: no cargo, no manifest, no shell, nothing in `PATH`.

use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Workspace, binary_path};

use crate::history;

fn bare_run(ws: &Workspace, words: &[&str]) -> xtask_db_tests::support::Run {
    let mut command = ws.binary(words);
    command.env_clear();
    ws.running(command).wait()
}

on_each!(
    fn deploys_from_a_folder_and_a_url(ws) {
        history::sealed(ws);
        let url = ws.database().url();
        let json = bare_run(ws, &["--url", url, "status", "--json"]);
        assert_eq!(json.code, Some(3), "{json}");
        bare_run(ws, &["--url", url, "deploy"]).ok();
        bare_run(ws, &["--url", url, "deploy"]).ok();
        bare_run(ws, &["--url", url, "status"]).ok();
        bare_run(ws, &["check"]).ok();
        assert_eq!(history::applied(ws).len(), 3);
    }
);

#[test]
fn a_folder_elsewhere_is_named() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    std::fs::rename(ws.root().join("migrations"), ws.root().join("schema-history")).expect("moved");
    let url = ws.database().url().to_owned();
    let _ = bare_run(&ws, &["--url", &url, "deploy"]).refused(2, "XDB0102").says("migrations");
    let _ = bare_run(&ws, &["--url", &url, "--migrations", "schema-history", "deploy"]).ok();
    assert_eq!(history::applied(&ws).len(), 3);
}

#[test]
fn without_a_url_it_says_what_is_missing() {
    let Some(ws) = Workspace::on(Kind::Postgres) else { return };
    history::sealed(&ws);
    let _ = bare_run(&ws, &["deploy"]).refused(2, "XDB0116").says("DATABASE_URL");
}

#[test]
fn help_needs_nothing() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    let run = bare_run(&ws, &["--help"]).ok();
    for command in ["deploy", "status", "migrate", "resolve"] {
        assert!(run.stdout.contains(command), "{run}");
    }
    let output =
        ws.command(binary_path()).arg("--version").env_clear().output().expect("it starts");
    assert!(String::from_utf8_lossy(&output.stdout).contains(env!("CARGO_PKG_VERSION")));
}
