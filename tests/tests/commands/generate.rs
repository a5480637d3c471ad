//! `generate`: the generators, by themselves.

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::history;

#[test]
fn runs_them_in_order_and_stops_at_a_failure() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(
        &ws,
        "[workspace.metadata.db]\nafter-migrate = [\"touch first\", \"false\", \"touch third\"]\n",
    );
    snapshot!("fails", ws.run(&["generate"]).refused(1, "XDB0902"));
    assert!(ws.has("first") && !ws.has("third"));
    history::manifest(&ws, "[workspace.metadata.db]\nafter-migrate = [\"touch third\"]\n");
    ws.run_ok(&["generate"]);
    assert!(ws.has("third"));
}

#[test]
fn none_is_fine() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    snapshot!("none", ws.run_ok(&["generate"]));
}
