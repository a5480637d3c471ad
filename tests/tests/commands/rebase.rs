//! `rebase`: own migrations go after what was merged.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history::{self, COURSES, STATUS, USERS};

const OWN: &str = "20260104000000_own";
const SECOND: &str = "20260104000001_second";
const MERGED: &str = "20260105000000_merged";

/// Two own migrations on `feature`, applied and sealed; `main` has gained a later one since, and it
/// was merged into `feature`.
pub(crate) fn merged(ws: &Workspace) {
    merged_as(ws, MERGED);
}

fn merged_as(ws: &Workspace, id: &str) {
    history::developed(ws);
    ws.git_init();
    ws.git(&["switch", "--quiet", "--create", "feature"]);
    ws.reversible(OWN, "CREATE TABLE own (id INTEGER PRIMARY KEY);\n", "DROP TABLE own;\n");
    ws.reversible(
        SECOND,
        "ALTER TABLE own ADD COLUMN more INTEGER;\n",
        "ALTER TABLE own DROP COLUMN more;\n",
    );
    ws.run_ok(&["migrate"]);
    ws.database().execute("INSERT INTO own (id, more) VALUES (7, 8)");
    ws.git_commit("own");
    ws.git(&["switch", "--quiet", "main"]);
    ws.migration(id, "CREATE TABLE merged (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    ws.git_commit("merged");
    ws.git(&["switch", "--quiet", "feature"]);
    let merge = ws.command("git").args(["merge", "--quiet", "main"]).output().expect("git");
    assert!(!merge.status.success(), "both appended to the lock file");
    ws.run_ok(&["lock", "--merge"]);
    ws.git_commit("merge");
}

/// Folders, lock file and database agree that the own ones come last, in their order, with their
/// texts and their rows.
pub(crate) fn is_rebased(ws: &Workspace, lock_before: &str) {
    let ids = ws.ids();
    assert_eq!(ids[..4], [USERS, COURSES, STATUS, MERGED]);
    assert!(ids[4].ends_with("_own") && ids[5].ends_with("_second"), "{ids:?}");
    let line = |lock: &str, id: &str| {
        let line = lock.lines().find(|line| line.ends_with(id)).unwrap_or_default();
        line.strip_suffix(id).map(str::to_owned)
    };
    let lock = ws.lock_file();
    for (old, new) in [(OWN, &ids[4]), (SECOND, &ids[5])] {
        assert!(line(lock_before, old).is_some());
        assert_eq!(line(&lock, new), line(lock_before, old), "{lock}");
    }
    let applied: Vec<String> = [USERS, COURSES, STATUS].map(str::to_owned).to_vec();
    assert_eq!(history::applied(ws), [&applied[..], &ids[4..]].concat());
    assert_eq!(ws.database().value("SELECT more FROM own"), "8", "no row was touched");
    ws.run_ok(&["check", "--against", "main"]);
}

on_each!(
    fn moves_folder_line_and_row(ws) {
        merged(ws);
        let lock = ws.lock_file();
        ws.run(&["check", "--against", "main"]).refused(4, "XDB0211").says("rebase");
        ws.run_ok(&["rebase", "--dry-run"]).says("would be moved");
        assert_eq!((ws.lock_file(), ws.ids().len()), (lock.clone(), 6));
        let answer = ws.run_ok(&["--json", "rebase"]).json();
        assert_eq!(answer["moved"][0]["from"], OWN);
        assert_eq!(answer["rows"][1]["from"], SECOND);
        is_rebased(ws, &lock);
        let after = ws.lock_file();
        ws.run_ok(&["rebase"]).says("nothing to move");
        assert_eq!(ws.lock_file(), after);
        ws.run_ok(&["migrate", "--on-out-of-order", "apply"]);
        ws.run_ok(&["status"]);
        // The kept down texts have the new names.
        ws.git(&["stash", "--quiet", "--include-untracked"]);
        ws.git(&["switch", "--quiet", "main"]);
        ws.run_ok(&["migrate", "--on-missing", "revert"]);
        assert!(!ws.database().has_table("own") && ws.database().has_table("merged"));
    }
);

on_each!(
    fn an_interrupted_one_is_finished_by_the_next(ws) {
        merged(ws);
        let lock = ws.lock_file();
        let folder = |id: &str| ws.root().join("migrations").join(id);
        // Cut short after the first folder: the newest goes first.
        let half = "20260106000000_second";
        std::fs::rename(folder(SECOND), folder(half)).expect("renamed");
        ws.run_ok(&["rebase"]);
        is_rebased(ws, &lock);
        // Cut short between the lock file and the rows.
        let ids = ws.ids();
        for (new, old) in [(&ids[4], OWN), (&ids[5], SECOND)] {
            ws.database().execute(&format!(
                "UPDATE _xtask_db_migrations SET migration_name = '{old}' \
                 WHERE migration_name = '{new}'"
            ));
        }
        ws.run_ok(&["rebase"]).says("renamed 2 rows");
        assert_eq!(ws.ids(), ids);
        is_rebased(ws, &lock);
    }
);

#[test]
fn each_state_that_a_kill_leaves_is_finished() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    merged(&ws);
    let lock = ws.lock_file();
    let folder = |id: &str| ws.root().join("migrations").join(id);
    // Both folders are moved, the lock file is as before.
    std::fs::rename(folder(SECOND), folder("20260106000001_second")).expect("renamed");
    std::fs::rename(folder(OWN), folder("20260106000000_own")).expect("renamed");
    ws.run_ok(&["rebase"]).says("finished moving");
    is_rebased(&ws, &lock);
}

#[test]
fn in_the_middle_of_a_git_rebase_too() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    merged(&ws);
    ws.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    let rebase = ws.command("git").args(["rebase", "--quiet", "main"]).output().expect("git");
    assert!(!rebase.status.success(), "both appended to the lock file");
    let _ = ws.run(&["rebase"]).refused(4, "XDB0205").says("lock --merge");
    ws.run_ok(&["lock", "--merge"]);
    ws.run_ok(&["rebase"]);
    let ids = ws.ids();
    assert!(ids[3] == MERGED && ids[5].ends_with("_second"), "{ids:?}");
    ws.git(&["add", "--all"]);
    ws.git(&["-c", "core.editor=true", "rebase", "--continue"]);
    ws.run_ok(&["check", "--against", "main"]);
}

#[test]
fn what_is_not_own_stays() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    merged(&ws);
    let (lock, ids) = (ws.lock_file(), ws.ids());
    let _ = ws.run(&["rebase", "--own", STATUS]).refused(5, "XDB0405").says("merged into main");
    ws.git(&["switch", "--quiet", "main"]);
    ws.run_ok(&["rebase"]).says("nothing to move");
    ws.git(&["switch", "--quiet", "feature"]);
    ws.git(&["branch", "--quiet", "--delete", "--force", "main"]);
    let _ = ws.run(&["rebase"]).refused(5, "XDB0405").says("--own");
    // An edited one is settled first.
    ws.git(&["branch", "--quiet", "main", "feature^2"]);
    ws.migration(OWN, "CREATE TABLE own (id INTEGER PRIMARY KEY, edited INTEGER);\n");
    let _ = ws.run(&["rebase"]).refused(4, "XDB0201").says("redo");
    ws.git(&["checkout", "--quiet", "--", "."]);
    assert_eq!((ws.lock_file(), ws.ids()), (lock, ids));
}

on_each!(
    fn never_on_a_database_that_was_deployed(ws) {
        merged(ws);
        let (lock, ids) = (ws.lock_file(), ws.ids());
        ws.database().execute(
            "UPDATE _xtask_db_meta SET value = 'production' WHERE value = 'development'",
        );
        ws.run(&["rebase"]).refused(5, "XDB0402");
        assert_eq!((ws.lock_file(), ws.ids()), (lock, ids));
        assert_eq!(history::applied(ws), [USERS, COURSES, STATUS, OWN, SECOND]);
    }
);

#[test]
fn without_a_database_folders_and_lines_are_moved() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    merged(&ws);
    ws.database().remove();
    ws.run_ok(&["rebase"]);
    assert!(ws.ids()[5].ends_with("_second"));
    ws.run_ok(&["migrate"]);
    assert_eq!(history::applied(&ws), ws.ids());
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    // so late that the new ids do not depend on the day
    merged_as(&ws, "20991231000000_merged");
    snapshot!("dry_run", ws.run(&["rebase", "--dry-run"]));
    snapshot!("rebase", ws.run(&["rebase"]));
    snapshot!("again", ws.run(&["rebase"]));
}
