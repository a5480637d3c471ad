//! `lock`: seals drafts, and settles the lock file after a merge.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, STATUS, USERS};

fn offline() -> Option<Workspace> {
    let mut ws = Workspace::on(Kind::Sqlite)?;
    ws.set("DATABASE_URL", "sqlite:/nowhere/at/all.db");
    Some(ws)
}

#[test]
fn seals_drafts_and_nothing_else() {
    let Some(ws) = offline() else { return };
    history::drafts(&ws);
    snapshot!("sealed", ws.run_ok(&["lock"]));
    let lock = ws.lock_file();
    let lines: Vec<&str> = lock.lines().filter(|line| line.starts_with("sealed ")).collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].ends_with(USERS) && lines[2].ends_with(STATUS));
    ws.run_ok(&["lock"]);
    assert_eq!(ws.lock_file(), lock);
    // A sealed file that changed is not sealed again.
    ws.migration(USERS, "CREATE TABLE users (id INTEGER PRIMARY KEY);\n");
    let _ = ws.run(&["lock"]);
    assert_eq!(ws.lock_file(), lock);
    let _ = ws.run(&["check"]).refused(4, "XDB0201").says(USERS);
}

#[test]
fn the_checksum_is_that_of_sha256sum() {
    let Some(ws) = offline() else { return };
    ws.migration(USERS, "abc");
    ws.run_ok(&["lock"]);
    let lock = ws.lock_file();
    // FIPS 180-2, appendix B.1.
    assert!(lock.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

#[test]
fn merge_resolves_a_conflict_of_two_branches() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    ws.git_init();
    for (branch, id) in [("left", "20260104000000_left"), ("right", "20260105000000_right")] {
        ws.git(&["switch", "--quiet", "--create", branch, "main"]);
        ws.migration(id, "SELECT 1;\n");
        ws.run_ok(&["lock"]);
        ws.git_commit(branch);
    }
    let merge = ws.command("git").args(["merge", "left"]).output().expect("git");
    assert!(!merge.status.success(), "two branches that both append conflict");
    let _ = ws.run(&["check"]).refused(4, "XDB0205").says("lock --merge");
    let _ = ws.run(&["lock"]).refused(4, "XDB0205");
    ws.run_ok(&["lock", "--merge"]);
    let lock = ws.lock_file();
    assert!(!lock.contains("<<<<") && lock.contains("_left") && lock.contains("_right"), "{lock}");
    ws.run_ok(&["check"]);
}

#[test]
fn merge_names_what_two_branches_say_differently() {
    let Some(ws) = offline() else { return };
    history::sealed(&ws);
    ws.git_init();
    let id = "20260104000000_both";
    for branch in ["left", "right"] {
        ws.git(&["switch", "--quiet", "--create", branch, "main"]);
        ws.migration(id, &format!("SELECT '{branch}';\n"));
        ws.run_ok(&["lock"]);
        ws.git_commit(branch);
    }
    for style in ["merge", "diff3", "zdiff3"] {
        let style = format!("merge.conflictStyle={style}");
        let merge = ws.command("git").args(["-c", &style, "merge", "left"]).output().expect("git");
        assert!(!merge.status.success(), "two texts under one id conflict");
        let before = ws.lock_file();
        let _ = ws.run(&["lock", "--merge"]).refused(4, "XDB0216").says(id).says("git log");
        assert_eq!(ws.lock_file(), before);
        ws.git(&["merge", "--abort"]);
    }
    let _ = ws.command("git").args(["merge", "left"]).output().expect("git");
    snapshot!("contradiction", ws.run(&["lock", "--merge"]));
    // One line goes, as the hint says; then it is a union.
    let mut seen = false;
    let keep = |line: &&str| !line.ends_with(id) || !std::mem::replace(&mut seen, true);
    let text: Vec<String> = ws.lock_file().lines().filter(keep).map(str::to_owned).collect();
    ws.write("migrations/migrations.lock", text.join("\n") + "\n");
    ws.write(&format!("migrations/{id}/migration.sql"), "SELECT 'right';\n");
    ws.run_ok(&["lock", "--merge"]);
    ws.run_ok(&["check"]);
}

#[test]
fn order_any_and_absent_are_written() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    let late = "20260101120000_late";
    ws.migration(late, "CREATE TABLE late (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    let _ = ws.run(&["deploy"]).refused(4, "XDB0302").says(late);
    ws.run_ok(&["lock", "--order-any", late]);
    assert!(ws.lock_file().lines().any(|line| line.contains("order:any") && line.ends_with(late)));
    ws.run_ok(&["deploy"]);
    ws.run_ok(&["lock", "--absent", "20260102120000_hotfix"]);
    assert!(ws.lock_file().lines().any(|line| line == "absent 20260102120000_hotfix"));
    ws.run_ok(&["check"]);
    let _ =
        ws.run(&["lock", "--order-any", "20990101000000_nothing", "--force"]).refused(4, "XDB0210");
}

on_each!(
    fn from_the_database(ws) {
        history::deployed(ws);
        let lock = ws.lock_file();
        ws.write("migrations/migrations.lock", ws.empty_lock_file());
        ws.run_ok(&["lock", "--from-db"]);
        assert_eq!(ws.lock_file(), lock);
    }
);

on_each!(
    fn order_any_is_proved_on_shadows(ws) {
        history::sealed(ws);
        // After the later ones there is no such column to rename any more.
        ws.migration("20260101120000_late", "ALTER TABLE users RENAME COLUMN name TO title;\n");
        ws.migration("20260105000000_drop", "ALTER TABLE users DROP COLUMN title;\n");
        ws.run_ok(&["lock"]);
        let lock = ws.lock_file();
        ws.run(&["lock", "--order-any", "20260101120000_late"]).refused(5, "XDB0416");
        assert_eq!(ws.lock_file(), lock);
        ws.run_ok(&["lock", "--order-any", "20260101120000_late", "--force"]);
    }
);
