//! `redo`: an own migration changed after it was applied.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, STATUS, USERS};

const NEXT: &str = "20260104000000_next";

/// A repository where `NEXT` is own: applied, sealed, and not on the default branch.
fn own(ws: &Workspace, down: bool) {
    history::developed(ws);
    ws.git_init();
    ws.git(&["switch", "--quiet", "--create", "feature"]);
    ws.migration(NEXT, "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
    if down {
        ws.write(&format!("migrations/{NEXT}/down.sql"), "DROP TABLE next;\n");
    }
    ws.run_ok(&["migrate"]);
    ws.migration(NEXT, "CREATE TABLE next (id INTEGER PRIMARY KEY, added INTEGER);\n");
}

on_each!(
    fn runs_down_and_up_and_seals_again(ws) {
        own(ws, true);
        let before = ws.lock_file();
        ws.run(&["check"]).refused(4, "XDB0201");
        ws.run_ok(&["redo"]);
        assert_eq!(ws.database().column("SELECT added FROM next"), Vec::<String>::new());
        assert_ne!(ws.lock_file(), before);
        ws.run_ok(&["check"]);
        ws.run_ok(&["status"]);
    }
);

on_each!(
    fn without_down_sql_the_difference_is_run(ws) {
        own(ws, false);
        ws.database().execute("INSERT INTO next (id) VALUES (1)");
        ws.run_ok(&["redo", NEXT]).says("the difference is run instead");
        assert_eq!(ws.database().column("SELECT added FROM next"), ["NULL"], "the row is kept");
        ws.run_ok(&["check"]);
        ws.run_ok(&["status", "--drift"]).says("no drift");
        // A loss is asked for.
        ws.database().execute("UPDATE next SET added = 1");
        ws.migration(NEXT, "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        ws.run(&["redo", NEXT]).refused(5, "XDB0412").says("1 row");
        ws.run_ok(&["redo", NEXT, "--accept-data-loss"]);
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM next"), "1");
        ws.run_ok(&["migrate"]);
    }
);

on_each!(
    fn refuses_what_others_may_have_applied(ws) {
        own(ws, true);
        let lock = ws.lock_file();
        ws.run(&["redo", STATUS]).says(STATUS);
        assert_eq!(ws.lock_file(), lock);
        assert_eq!(history::applied(ws).len(), 4);
        let refused = ws.run(&["redo", USERS]);
        assert_ne!(refused.code, Some(0), "{refused}");
    }
);

#[test]
fn without_git_nothing_is_own() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    let refused = ws.run(&["redo", STATUS]);
    assert_ne!(refused.code, Some(0), "{refused}");
    let _ = refused.says("--own");
    ws.run_ok(&["redo", STATUS, "--own", STATUS]);
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    own(&ws, true);
    snapshot!("redo", ws.run(&["redo"]));
    snapshot!("not_own", ws.run(&["redo", USERS]));
}
