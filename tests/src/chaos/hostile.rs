//! Folders and names that somebody may leave in `migrations/`: nothing outside it is read or
//! written, and nothing waits for ever.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::places::workspace;
use super::{Case, Ending, Plan};
use crate::support::{Kind, Workspace};

/// A FIFO that is opened waits for a writer that never comes.
const RUN_MAX: Duration = Duration::from_secs(10);
const GOOD: &str = "20260101000000_good";
const OUTSIDE: &str = "CREATE TABLE outside (id INTEGER PRIMARY KEY);\n";

type Trap = fn(&Workspace);

/// Folders that are traps.
const TRAPS: [(&str, Trap); 14] = [
    ("link-out", |ws| link(ws, "../../outside", "migrations/20260102000000_x")),
    ("link-absolute", |ws| link(ws, "/etc", "migrations/20260102000000_x")),
    ("link-loop", |ws| link(ws, ".", "migrations/20260102000000_x")),
    ("link-self", |ws| link(ws, "20260102000000_x", "migrations/20260102000000_x")),
    ("link-nowhere", |ws| link(ws, "nowhere", "migrations/20260102000000_x")),
    ("file-link-out", |ws| file(ws, |ws, to| link(ws, "../../../outside/migration.sql", to))),
    ("file-link-device", |ws| file(ws, |ws, to| link(ws, "/dev/zero", to))),
    ("file-link-self", |ws| file(ws, |ws, to| link(ws, "migration.sql", to))),
    ("fifo", |ws| file(ws, fifo)),
    ("folder-for-file", |ws| ws.write(&format!("{FILE}/x"), "")),
    ("no-file", |ws| ws.write("migrations/20260102000000_x/notes.txt", "")),
    ("loose-file", |ws| ws.write("migrations/20260102000000_x.sql", OUTSIDE)),
    ("case-pair", |ws| {
        ws.migration("20260102000000_x", OUTSIDE);
        ws.migration("20260102000000_X", OUTSIDE);
    }),
    ("unicode-pair", |ws| {
        ws.migration("20260102000000_\u{E9}", OUTSIDE);
        ws.migration("20260102000000_e\u{301}", OUTSIDE);
    }),
];
const FILE: &str = "migrations/20260102000000_x/migration.sql";

fn link(ws: &Workspace, to: &str, at: &str) {
    symlink(to, ws.root().join(at)).unwrap_or_else(|error| panic!("{at}: {error}"));
}

fn file(ws: &Workspace, make: fn(&Workspace, &str)) {
    ws.write("migrations/20260102000000_x/README.md", "");
    make(ws, FILE);
}

fn fifo(ws: &Workspace, at: &str) {
    let made = ws.command("mkfifo").arg(at).status().expect("mkfifo is installed");
    assert!(made.success());
}

/// Each trap, with each of the commands that read the folder.
pub(super) fn folders(_: &Plan<'_>) -> Vec<Case> {
    let commands: [&[&str]; 3] = [&["check"], &["lock"], &["deploy"]];
    let mut cases = Vec::new();
    for (name, trap) in TRAPS {
        for words in commands {
            cases.push(Case::new(format!("{name}-{}", words[0]), move |_| trapped(trap, words)));
        }
    }
    cases
}

fn trapped(trap: Trap, words: &[&str]) -> Ending {
    let ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    ws.migration(GOOD, "CREATE TABLE good (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    let outside = ws.root().with_file_name("outside");
    std::fs::create_dir(&outside).expect("a folder");
    std::fs::write(outside.join("migration.sql"), OUTSIDE).expect("a file");
    trap(&ws);
    let run = ws.run(words);
    assert!(run.code.is_some_and(|code| code != 0), "it is not refused: {run}");
    assert!(run.stderr.contains("XDB") && !run.stderr.contains("panicked"), "{run}");
    assert!(run.took < RUN_MAX, "{run}");
    assert!(!ws.database().has_table("outside"), "what is outside was run: {run}");
    assert_eq!(std::fs::read_dir(&outside).expect("the folder").count(), 1, "{run}");
    Ending::Passed
}

/// 420 names of folders: refused with a reason, or taken as they are.
pub(super) fn names(plan: &Plan<'_>) -> Vec<Case> {
    let each = plan.of(20, 3, 1);
    let case = |number: usize| Case::new(format!("name-{number}"), move |_| named(number));
    (0..MARKS.len() * SHAPES).step_by(each).map(case).collect()
}

/// What stands in a name.
const MARKS: [&[u8]; 42] = [
    b"'",
    b"\"",
    b"`",
    b";",
    b"--",
    b"(*)",
    b"\\",
    b"$",
    b"$(id)",
    b"%",
    b"%s",
    b"%n",
    b"{}",
    b"&",
    b"|",
    b"<",
    b">",
    b"?",
    b"*",
    b"[",
    b"]",
    b"!",
    b"#",
    b"~",
    b"=",
    b"@",
    b":",
    b",",
    b" ",
    b"  ",
    b"\t",
    b"\n",
    b"\r",
    b"\x1b[31m",
    b"\x07",
    b"\x7f",
    b"\xff",
    b"\xc3\xa9",
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b"\xf0\x9f\x90\xa4",
    b"'; DROP TABLE good; --",
];
/// Where it stands.
const SHAPES: usize = 10;

fn name(number: usize) -> OsString {
    let mark = MARKS[number / SHAPES];
    let parts: [(&[u8], &[u8]); SHAPES] = [
        (b"20260102000000_", b""),
        (b"20260102000000_a", b"b"),
        (b"", b"20260102000000_a"),
        (b"2026", b"0102000000_a"),
        (b"20260102000000", b""),
        (b"", b""),
        (b"-", b"_20260102000000"),
        (b"20260102000000_..", b".."),
        (b"1_", b""),
        (b"99999999999999_", b"_z"),
    ];
    let (before, after) = parts[number % SHAPES];
    OsString::from_vec([before, mark, after].concat())
}

fn named(number: usize) -> Ending {
    let ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    ws.migration(GOOD, "CREATE TABLE good (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    ws.run_ok(&["deploy"]);
    let folder = ws.root().join("migrations").join(name(number));
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("migration.sql"), "CREATE TABLE named (id INTEGER);\n")
        .expect("a file");
    let sealed = ws.run(&["lock"]);
    let deployed = ws.run(&["deploy", "--out-of-order"]);
    for run in [&sealed, &deployed] {
        assert!(run.code.is_some(), "{run}");
        assert!(!run.stderr.contains("panicked"), "{run}");
        let raw = run.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}'])
            || run.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']);
        assert!(!raw, "a control character of a name reaches the terminal: {run:?}");
    }
    assert!(ws.database().has_table("good"), "{deployed}");
    let taken = ws.database().has_table("named");
    assert_eq!(taken, deployed.code == Some(0), "{deployed}");
    Ending::Passed
}
