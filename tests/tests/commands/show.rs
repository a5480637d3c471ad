//! `show`: one migration, its files and its state.

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::history::{self, STATUS, USERS};

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    ws.write(&format!("migrations/{STATUS}/README.md"), "Nullable until it is filled.\n");
    let run = ws.run_ok(&["show", STATUS]).says("Nullable until it is filled.");
    snapshot!("applied", run.says("ADD COLUMN status"));
    snapshot!("unknown", ws.run(&["show", "20990101000000_nothing"]));
    let json = ws.run_ok(&["show", USERS, "--json"]).json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["id"], USERS);
}

#[test]
fn needs_no_database() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    ws.set("DATABASE_URL", "sqlite:/nowhere/at/all.db");
    ws.run_ok(&["show", USERS]).says("CREATE TABLE users");
}
