//! What the command writes is what is compiled here.

use std::fs;
use std::path::Path;

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::schemas;

const FILE: &str = "src/tables.rs";

fn check(kind: Kind, schema: &str, golden: &str) {
    let Some(ws) = Workspace::on(kind) else { return };
    configure(&ws, "types-names = [\"active_users = ActiveUser\"]");
    ws.database().execute(schema);
    ws.run_ok(&["generate"]);
    let written = ws.read(FILE);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/types").join(golden);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert_eq!(written, fs::read_to_string(&path).unwrap(), "UPDATE_GOLDEN=1 writes {golden}");
    ws.run_ok(&["generate", "--check"]);
}

fn configure(ws: &Workspace, more: &str) {
    let text = format!("[workspace.metadata.db]\ntypes = \"{FILE}\"\n{more}\n");
    ws.write("Cargo.toml", format!("[workspace]\nmembers = []\nresolver = \"3\"\n\n{text}"));
}

#[test]
fn sqlite() {
    check(Kind::Sqlite, schemas::SQLITE, "sqlite.rs");
}

#[test]
fn postgres() {
    check(Kind::Postgres, schemas::POSTGRES, "postgres.rs");
}

#[test]
fn mariadb() {
    check(Kind::MariaDb, schemas::MARIADB, "mariadb.rs");
}

#[test]
fn a_file_of_somebody_else_stays() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    configure(&ws, "");
    ws.write(FILE, "//! Mine.\n");
    snapshot!("mine", ws.run(&["generate"]).refused(5, "XDB0405"));
    assert_eq!(ws.read(FILE), "//! Mine.\n");
}

#[test]
fn a_stale_file_is_told() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    configure(&ws, "");
    snapshot!("stale", ws.run(&["generate", "--check"]).refused(8, "XDB0710"));
    assert!(!ws.has(FILE));
}

#[test]
fn a_type_that_is_not_known_is_asked() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    configure(&ws, "");
    ws.database().execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, body)");
    snapshot!("unknown", ws.run(&["generate"]).refused(2, "XDB0130"));
    assert!(!ws.has(FILE));
    configure(&ws, "types-map = [\"notes.body = Vec<u8>\"]");
    ws.run_ok(&["generate"]);
    assert!(ws.read(FILE).contains("pub body: Option<Vec<u8>>,"));
}
