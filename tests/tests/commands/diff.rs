//! `diff`: any two schemas.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

const SCHEMA: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);\n\
     CREATE TABLE courses (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, status VARCHAR(20));\n\
     CREATE INDEX courses_owner ON courses (owner);\n";

on_each!(
    fn every_source_reads_the_same_schema(ws) {
        history::deployed(ws);
        ws.write("schema.sql", SCHEMA);
        let url = format!("url:{}", ws.database().url());
        let sources = ["migrations", "migrations:migrations", "schema", "schema:schema.sql",
            "database", &url];
        for pair in sources.windows(2) {
            let run = ws.run_ok(&["diff", "--from", pair[0], "--to", pair[1], "--exit-code"]);
            assert!(run.stdout.contains("are equal"), "{run}");
        }
        ws.run(&["diff", "--from", "empty", "--to", "schema", "--exit-code"]).refused(8, "XDB0702");
        ws.run_ok(&["diff", "--from", "schema", "--to", "empty"]);
    }
);

on_each!(
    fn the_script_leads_from_one_to_the_other(ws) {
        history::deployed(ws);
        ws.write("schema.sql", format!("{SCHEMA}CREATE TABLE more (id INTEGER PRIMARY KEY);\n"));
        let run = ws.run_ok(&["diff", "--from", "database", "--to", "schema", "--script"]);
        ws.database().execute(&run.stdout);
        ws.run_ok(&["diff", "--from", "database", "--to", "schema", "--exit-code"]);
        let back = ws.run_ok(&["diff", "--from", "database", "--to", "migrations", "--script"]);
        ws.database().execute(&back.stdout);
        ws.run_ok(&["status", "--drift"]).says("no drift");
    }
);

#[test]
fn an_environment_is_a_source() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    let url = ws.database().url().to_owned();
    history::manifest(&ws, &format!("[workspace.metadata.db.env.production]\nurl = \"{url}\"\n"));
    history::deployed(&ws);
    ws.run_ok(&["diff", "--from", "env:production", "--to", "migrations", "--exit-code"]);
    let _ = ws.run(&["diff", "--from", "env:nowhere", "--to", "migrations"]).refused(2, "XDB0115");
}

#[test]
fn sources_that_cannot_be_read() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    let check = |source: &str, exit: i32, said: &str| {
        let run = ws.run(&["diff", "--from", source, "--to", "empty"]);
        assert_eq!(run.code, Some(exit), "{run}");
        let _ = run.says(said);
    };
    check("schema", 2, "XDB0127");
    check("schema:none.sql", 2, "XDB0127");
    check("migrations:none", 2, "XDB0102");
    check("url:sqlite:none.db", 9, "XDB0801");
    check("url:postgres://h/d", 2, "XDB0119");
    check("url:oracle://user:secret@h", 2, "XDB0117");
    let run = ws.run(&["diff", "--from", "postgres://user:secret@h/d", "--to", "empty"]);
    assert_eq!(run.code, Some(2));
    assert!(!run.stdout.contains("write empty") && run.stderr.contains("url:URL"), "{run}");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    ws.write("schema.sql", SCHEMA.replace("status VARCHAR(20)", "state VARCHAR(20)"));
    snapshot!("lines", ws.run(&["diff", "--from", "migrations", "--to", "schema"]));
    snapshot!("script", ws.run(&["diff", "--from", "migrations", "--to", "schema", "--script"]));
    let told = [
        "diff",
        "--from",
        "migrations",
        "--to",
        "schema",
        "--rename",
        "courses.status=state",
        "--json",
        "--exit-code",
    ];
    snapshot!("json", ws.run(&told));
}
