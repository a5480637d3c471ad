//! Questions, asked of a person at a terminal: each answer does what its flag does, and no answer
//! changes nothing.

use xtask_db_tests::support::{Key, Kind, Terminal, Workspace};

use crate::branches::{BLUE, RED, branch, pulled, repository, switch};
use crate::history::{self, COURSES, STATUS, USERS};
use crate::rebase::{is_rebased, merged};

const MISSING: &str = "They are applied here and not on this branch. What now?";
const LATE: &str = "They are older than the newest applied. What now?";
const DECLINED: i32 = 5;

/// `RED` is applied, the branch has `BLUE`: what `migrate` asks is answered with these keys.
#[track_caller]
fn missing(keys: &[Key]) -> (Workspace, Option<i32>, String) {
    let ws = Workspace::on(Kind::Sqlite).expect("a file");
    repository(&ws);
    branch(&ws, "red", RED, true);
    ws.run_ok(&["migrate"]);
    branch(&ws, "blue", BLUE, true);
    let (code, shown) = answered(&ws, MISSING, keys);
    (ws, code, shown)
}

/// The answer to one question of `migrate`.
#[track_caller]
fn answered(ws: &Workspace, question: &str, keys: &[Key]) -> (Option<i32>, String) {
    let mut terminal = Terminal::start(ws, &["migrate"]);
    terminal.sees(question);
    keys.iter().for_each(|key| terminal.presses(*key));
    terminal.ends()
}

#[test]
fn what_is_missing_is_kept_by_a_hasty_enter() {
    let (ws, code, shown) = missing(&[Key::Enter]);
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(history::applied(&ws), [USERS, COURSES, STATUS, RED, BLUE]);
    assert!(ws.database().has_table("red"));
}

#[test]
fn what_is_missing_is_reverted() {
    let (ws, code, shown) = missing(&[Key::Down, Key::Enter]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("rows in what it made are lost"), "{shown}");
    assert_eq!(history::applied(&ws), [USERS, COURSES, STATUS, BLUE]);
    assert!(!ws.database().has_table("red"));
}

#[test]
fn what_is_missing_is_fetched() {
    let (ws, code, shown) = missing(&[Key::Down, Key::Down, Key::Enter]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(ws.has(&format!("migrations/{RED}/migration.sql")));
    assert_eq!(history::applied(&ws), [USERS, COURSES, STATUS, RED, BLUE]);
}

#[test]
fn no_answer_changes_nothing() {
    let (ws, code, shown) = missing(&[Key::Escape]);
    assert_eq!(code, Some(DECLINED), "{shown}");
    assert!(shown.contains("XDB0404"), "{shown}");
    assert_eq!(history::applied(&ws), [USERS, COURSES, STATUS, RED]);
    assert!(!ws.has(&format!("migrations/{RED}/migration.sql")));
}

#[test]
fn one_that_was_pulled_is_applied_goes_first_or_stops() {
    let applies: [(&[Key], i32, &[&str]); 3] = [
        (&[Key::Enter], 0, &[BLUE, RED]),
        (&[Key::Down, Key::Enter], 0, &[RED, BLUE]),
        (&[Key::Down, Key::Down, Key::Enter], 4, &[BLUE]),
    ];
    for (keys, exit, order) in applies {
        let ws = Workspace::on(Kind::Sqlite).expect("a file");
        pulled(&ws, true);
        let (code, shown) = answered(&ws, LATE, keys);
        assert_eq!(code, Some(exit), "{keys:?}: {shown}");
        assert_eq!(history::applied(&ws), [&[USERS, COURSES, STATUS], order].concat(), "{shown}");
    }
}

#[test]
fn an_own_draft_that_is_late_gets_a_new_id_when_asked() {
    let ws = Workspace::on(Kind::Sqlite).expect("a file");
    repository(&ws);
    branch(&ws, "blue", BLUE, true);
    switch(&ws, "main");
    ws.git(&["merge", "--quiet", "blue"]);
    ws.run_ok(&["migrate"]);
    ws.git(&["switch", "--quiet", "--create", "feature"]);
    ws.reversible(RED, "CREATE TABLE own (id INTEGER PRIMARY KEY);\n", "DROP TABLE own;\n");
    let (code, shown) = answered(&ws, LATE, &[Key::Down, Key::Enter]);
    assert_eq!(code, Some(0), "{shown}");
    let ids = ws.ids();
    assert!(!ids.contains(&RED.to_owned()) && ids[4].ends_with("_red"), "{ids:?}");
    assert_eq!(history::applied(&ws), ids);
}

#[test]
fn rebase_asks_nothing() {
    let ws = Workspace::on(Kind::Sqlite).expect("a file");
    merged(&ws);
    let before = ws.lock_file();
    let mut terminal = Terminal::start(&ws, &["rebase"]);
    terminal.sees("will move");
    terminal.sees("renamed 2 rows of the database");
    let (code, shown) = terminal.ends();
    assert_eq!(code, Some(0), "{shown}");
    is_rebased(&ws, &before);
}

#[test]
fn a_name_that_is_typed_wrong_is_no_answer() {
    let ws = Workspace::on(Kind::Sqlite).expect("a file");
    history::deployed(&ws);
    let file = ws.database().url().rsplit('/').next().unwrap_or_default();
    for (typed, exit) in [("nothing", DECLINED), (file, 0)] {
        let mut terminal = Terminal::start(&ws, &["env", "--set", "development"]);
        terminal.sees("to go on:");
        terminal.types(typed);
        terminal.presses(Key::Enter);
        let (code, shown) = terminal.ends();
        assert_eq!(code, Some(exit), "{shown}");
    }
}
