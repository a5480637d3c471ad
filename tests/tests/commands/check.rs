//! `check`: what can be judged without a database.

use xtask_db_tests::snapshot;
use xtask_db_tests::support::{Kind, Workspace};

use crate::history::{self, COURSES, STATUS, USERS};

/// A workspace whose database cannot be reached: `check` must not need one.
fn offline() -> Option<Workspace> {
    let mut ws = Workspace::on(Kind::Sqlite)?;
    ws.set("DATABASE_URL", "sqlite:/nowhere/at/all.db");
    Some(ws)
}

#[test]
fn a_sealed_history_passes() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    snapshot!("passes", ws.run(&["check"]).ok());
    let json = ws.run_ok(&["check", "--json"]).json();
    assert_eq!(json["version"], 1);
}

#[test]
fn every_disagreement_is_named_at_once() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    ws.remove(&format!("migrations/{COURSES}"));
    ws.migration("20260104000000_draft", "SELECT 1;\n");
    let run = ws
        .run(&["check"])
        .refused(4, "XDB0201")
        .says(USERS)
        .says(COURSES)
        .says("20260104000000_draft");
    snapshot!("disagreements", run);
}

#[test]
fn a_comment_is_a_cosmetic_edit() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    let text = ws.read(&format!("migrations/{USERS}/migration.sql"));
    ws.migration(USERS, &format!("-- who may log in\n{text}"));
    let _ = ws.run(&["check"]).refused(4, "XDB0201").says(USERS).says("repair");
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_count() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    for id in [USERS, COURSES, STATUS] {
        let text = ws.read(&format!("migrations/{id}/migration.sql"));
        ws.migration(id, &format!("\u{FEFF}{}", text.replace('\n', "\r\n")));
    }
    ws.run_ok(&["check"]);
}

#[test]
fn against_a_revision() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    ws.git_init();
    ws.run_ok(&["check", "--against", "HEAD"]);
    // A new migration after the last one is what a branch may bring.
    ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    ws.run_ok(&["check", "--against", "HEAD"]);
    ws.git_commit("next");
    // File and lock line edited together satisfy the guard; this does not let them through.
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    let lock = ws.lock_file();
    let kept: Vec<&str> = lock.lines().filter(|line| !line.ends_with(USERS)).collect();
    ws.write("migrations/migrations.lock", kept.join("\n") + "\n");
    ws.run_ok(&["lock"]);
    ws.run_ok(&["check"]);
    let _ = ws.run(&["check", "--against", "HEAD"]).refused(4, "XDB0211").says(USERS);
}

#[test]
fn against_a_revision_nothing_may_vanish_or_come_before() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    ws.git_init();
    ws.migration("20260102120000_between", "SELECT 1;\n");
    ws.run_ok(&["lock"]);
    let _ = ws
        .run(&["check", "--against", "HEAD"])
        .refused(4, "XDB0211")
        .says("20260102120000_between");
    ws.remove("migrations/20260102120000_between");
    ws.remove(&format!("migrations/{STATUS}"));
    let lock = ws.lock_file();
    let kept: Vec<&str> = lock.lines().filter(|line| line.ends_with("users")).collect();
    let text = format!("{}{}\n", ws.empty_lock_file(), kept.join("\n"));
    ws.write("migrations/migrations.lock", text);
    ws.run_ok(&["lock"]);
    let _ = ws.run(&["check", "--against", "HEAD"]).refused(4, "XDB0211").says(STATUS);
}

#[test]
fn a_revision_that_git_does_not_know_is_a_usage_error() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    let _ = ws.run(&["check", "--against", "HEAD"]).refused(2, "XDB0125");
    ws.git_init();
    let _ = ws
        .run(&["check", "--against", "no-such-branch"])
        .refused(2, "XDB0125")
        .says("no-such-branch");
}

#[test]
fn a_problem_is_an_annotation_on_github() {
    let Some(mut ws) = offline() else { return };
    history::sealed(&ws);
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    ws.set("GITHUB_ACTIONS", "true");
    let _ = ws.run(&["check"]).refused(4, "XDB0201").says("::error ").says("migration.sql");
}
