//! How a file's bytes may vary: what is the same text stays the same migration, what is no text is
//! refused.

use super::places::workspace;
use super::{Case, Ending, Plan, Tier};
use crate::support::{Kind, Workspace};

const ID: &str = "20260101000000_a";
const LINES: [&str; 4] = [
    "CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(20));",
    "-- g\u{FC}n\u{FC}n",
    "INSERT INTO a (id, name) VALUES (1, 'caf\u{E9}');",
    "",
];
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// 64 spellings of one text: sealed in one, deployed in one, checked in each other one.
pub(super) fn variants(plan: &Plan<'_>) -> Vec<Case> {
    let spellings = spellings();
    let of_tier = if plan.tier == Tier::Slice { 2 } else { spellings.len() };
    let mut cases = Vec::new();
    for first in 0..of_tier {
        for second in 0..spellings.len() {
            let name = format!("same-{first}-{second}");
            cases.push(Case::new(name, move |_| same(first, second)));
        }
    }
    cases
}

/// LF, CRLF, CR or a mixture, with and without a mark.
fn spellings() -> [Vec<u8>; 8] {
    let ends: [&[&str]; 4] = [&["\n"], &["\r\n"], &["\r"], &["\n", "\r\n"]];
    std::array::from_fn(|at| {
        let ends = ends[at / 2];
        let mut bytes = if at % 2 == 1 { BOM.to_vec() } else { Vec::new() };
        for (number, line) in LINES.iter().enumerate() {
            if number > 0 {
                bytes.extend_from_slice(ends[number % ends.len()].as_bytes());
            }
            bytes.extend_from_slice(line.as_bytes());
        }
        bytes
    })
}

fn put(ws: &Workspace, bytes: &[u8]) {
    ws.write(&format!("migrations/{ID}/migration.sql"), bytes);
}

fn same(first: usize, second: usize) -> Ending {
    let ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let spellings = spellings();
    put(&ws, &spellings[first]);
    ws.run_ok(&["lock"]);
    ws.run_ok(&["deploy"]);
    put(&ws, &spellings[second]);
    for words in [&["check"][..], &["status"], &["deploy"]] {
        ws.run_ok(words);
    }
    assert_eq!(ws.database().value("SELECT name FROM a"), "caf\u{E9}");
    Ending::Passed
}

/// 192 files that are no UTF-8 text of SQL: never exit code 0, never a table.
pub(super) fn bad(plan: &Plan<'_>) -> Vec<Case> {
    let text = LINES.join("\n");
    let mut files: Vec<Vec<u8>> = Vec::new();
    for little in [true, false] {
        for mark in [true, false] {
            let units = text.encode_utf16();
            let units = mark.then_some(0xFEFF).into_iter().chain(units);
            let pair = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
            files.push(units.flat_map(pair).collect());
        }
    }
    // A NUL, a lone continuation byte, an overlong form, a surrogate, a byte that UTF-8 never has.
    let wrong: [&[u8]; 5] = [b"\0", b"\x80", b"\xC0\xAF", b"\xED\xA0\x80", b"\xFF"];
    let places = plan.of(2, 40, 40);
    for bytes in wrong {
        for place in 0..places {
            let mut file = text.clone().into_bytes();
            let at = file.len() * place / places;
            file.splice(at..at, bytes.iter().copied());
            files.push(file);
        }
    }
    let case = |(number, file): (usize, Vec<u8>)| {
        Case::new(format!("bad-{number}"), move |_| refused(&file))
    };
    files.into_iter().enumerate().map(case).collect()
}

fn refused(bytes: &[u8]) -> Ending {
    let ws = match workspace(Kind::Sqlite) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    put(&ws, bytes);
    for words in [&["lock"][..], &["check"], &["deploy"]] {
        let run = ws.run(words);
        assert!(run.code.is_some_and(|code| code != 0), "{run}");
        assert!(run.stderr.contains("XDB"), "{run}");
        assert!(!run.stderr.contains("panicked"), "{run}");
    }
    assert!(!ws.database().has_table("a"), "nothing was applied");
    Ending::Passed
}
