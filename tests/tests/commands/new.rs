//! `new`: a draft with a name that sorts after every other.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, STATUS};

#[test]
fn writes_a_draft_that_sorts_last() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    ws.run_ok(&["new", "Add e-mail to Users"]);
    let ids = ws.ids();
    assert_eq!(ids.len(), 4);
    let last = ids.last().expect("four");
    assert!(last.as_str() > STATUS && last.ends_with("_add_e_mail_to_users"), "{last}");
    assert!(ws.has(&format!("migrations/{last}/migration.sql")));
    assert!(!ws.has(&format!("migrations/{last}/down.sql")));
    ws.run_ok(&["new", "second", "--down"]);
    let second = ws.ids().pop().expect("five");
    assert!(&second > last && second.ends_with("_second"), "{second}");
    assert!(ws.has(&format!("migrations/{second}/down.sql")));
}

#[test]
fn sorts_after_an_id_from_the_future() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.migration("20991231235959_far", "SELECT 1;\n");
    ws.run_ok(&["new", "next"]);
    let last = ws.ids().pop().expect("two");
    assert!(last.as_str() > "20991231235959_far" && last.ends_with("_next"), "{last}");
}

#[test]
fn reverts_another() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::sealed(&ws);
    ws.run_ok(&["new", "undo", "--reverting", STATUS]);
    let id = ws.ids().pop().expect("four");
    assert!(ws.read(&format!("migrations/{id}/migration.sql")).contains("DROP COLUMN status"));
}

#[test]
fn refuses_a_name_that_is_none() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    let before = ws.lock_file();
    let _ = ws.run(&["new", ""]).refused(2, "XDB0103");
    let _ = ws.run(&["new", "///"]).refused(2, "XDB0103");
    let _ = ws.run(&["new", "undo", "--reverting", "20260101000000_nothing"]).refused(2, "XDB0104");
    assert_eq!(ws.ids(), Vec::<String>::new());
    assert_eq!(ws.lock_file(), before);
    assert!(!ws.has("migrations/20260101000000_nothing"));
}

#[test]
fn needs_no_database() {
    let Some(mut ws) = Workspace::on(Kind::Postgres) else { return };
    ws.set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
    ws.run_ok(&["new", "first"]);
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.migration("20991231235958_far", "SELECT 1;\n");
    snapshot!("new", ws.run(&["new", "next", "--down"]));
    snapshot!("bad_name", ws.run(&["new", "///"]));
}

on_each!(
    fn reverting_without_a_down_sql_is_planned(ws) {
        history::drafts(ws);
        for id in [history::COURSES, history::STATUS] {
            ws.remove(&format!("migrations/{id}/down.sql"));
        }
        ws.run_ok(&["migrate"]);
        ws.run_ok(&["new", "--reverting", history::STATUS]);
        ws.run_ok(&["migrate"]);
        assert!(ws.database().refusal("SELECT status FROM courses").is_some());
        ws.run_ok(&["new", "--reverting", history::COURSES]);
        ws.run_ok(&["migrate"]);
        assert!(!ws.database().has_table("courses"));
        ws.run_ok(&["down", "--steps", "2"]);
        assert!(ws.database().has_table("courses"));
    }
);
