//! Puts a lock file together again after git could not.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use crate::lock_text::{MARKERS, numbered, read_lines, syntax};
use crate::{Entry, LockError, LockFile, MigrationId, Sealed};

/// The part of a conflict that a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// On both sides.
    Common,
    Ours,
    /// What both sides started from (`diff3`): on neither.
    Base,
    Theirs,
}

pub(crate) fn merge(text: &str) -> Result<LockFile, LockError> {
    let lines = in_parts(text)?;
    let side = |part: Part| {
        let own = lines.iter().filter(move |(of, ..)| *of == Part::Common || *of == part);
        read_lines(own.map(|&(_, line, text)| (line, text)))
    };
    let (ours, theirs) = (side(Part::Ours)?, side(Part::Theirs)?);
    agree("provider", &ours.provider, &theirs.provider)?;
    agree("table", &ours.table, &theirs.table)?;
    let mut union = BTreeMap::<MigrationId, (u32, Entry)>::new();
    for (line, entry) in ours.entries.into_iter().chain(theirs.entries) {
        match union.entry(entry.id().clone()) {
            Slot::Vacant(slot) => {
                slot.insert((line, entry));
            }
            Slot::Occupied(mut slot) => {
                let (first_line, first) = slot.get();
                let first_line = *first_line;
                let Some(joined) = joined(first, &entry) else {
                    return Err(disagree(slot.key().as_str(), first_line, line));
                };
                slot.insert((first_line, joined));
            }
        }
    }
    Ok(LockFile {
        provider: ours.provider.1,
        table: ours.table.1,
        entries: union.into_values().map(|(_, entry)| entry).collect(),
    })
}

fn agree<T: PartialEq>(
    what: &str,
    (line, first): &(u32, T),
    (other_line, second): &(u32, T),
) -> Result<(), LockError> {
    if first == second {
        return Ok(());
    }
    Err(disagree(what, *line, *other_line))
}

fn disagree(what: &str, first: u32, second: u32) -> LockError {
    LockError::Disagree { what: what.to_owned(), first, second }
}

/// What two lines of one id say together; none when they contradict each other.
fn joined(first: &Entry, second: &Entry) -> Option<Entry> {
    match (first, second) {
        (first, second) if first == second => Some(first.clone()),
        // One side sealed what the other has as a draft still. That the folder has the sealed text
        // is checked against the sum, as always.
        (Entry::Draft(_), Entry::Sealed(sealed)) | (Entry::Sealed(sealed), Entry::Draft(_)) => {
            Some(Entry::Sealed(sealed.clone()))
        }
        (Entry::Sealed(first), Entry::Sealed(second)) => later(first, second).map(Entry::Sealed),
        _ => None,
    }
}

/// The later of two sealed lines, with what either of them allows; none when neither follows from
/// the other.
fn later(first: &Sealed, second: &Sealed) -> Option<Sealed> {
    let (newer, older) = if first.sha256 == second.sha256 {
        (first, second)
    } else {
        // `repair` keeps the text that was there before.
        match (first.was.contains(&second.sha256), second.was.contains(&first.sha256)) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            _ => return None,
        }
    };
    if newer.backfill != older.backfill
        || (newer.sha256 == older.sha256 && newer.tokens != older.tokens)
    {
        return None;
    }
    let mut line = newer.clone();
    for was in &older.was {
        if *was != line.sha256 && !line.was.contains(was) {
            line.was.push(*was);
        }
    }
    line.order_any |= older.order_any;
    Some(line)
}

/// A marker of this conflict. Those of a conflict inside the common base, which git shows after a
/// criss-cross merge, are longer.
fn is_marker(text: &str, marker: &str) -> bool {
    text.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Every line with its part, markers left out.
fn in_parts(text: &str) -> Result<Vec<(Part, u32, &str)>, LockError> {
    let mut part = Part::Common;
    let mut opened = 0;
    let mut lines = Vec::new();
    for (line, text) in numbered(text) {
        let Some(marker) = MARKERS.iter().position(|marker| is_marker(text, marker)) else {
            lines.push((part, line, text));
            continue;
        };
        part = match (part, marker) {
            (Part::Common, 0) => Part::Ours,
            (Part::Ours, 1) => Part::Base,
            (Part::Ours | Part::Base, 2) => Part::Theirs,
            (Part::Theirs, 3) => Part::Common,
            _ => return Err(syntax(line, "a conflict marker out of place")),
        };
        if part == Part::Ours {
            opened = line;
        }
    }
    if part == Part::Common { Ok(lines) } else { Err(syntax(opened, "this conflict never ends")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `<`, `|`, `=` and `>` stand for git's markers.
    fn conflicted(lines: &str) -> String {
        let line = |line: &str| match line.trim() {
            "<" => "<<<<<<< HEAD\n".to_owned(),
            "|" => "||||||| 1f0c\n".to_owned(),
            "=" => "=======\n".to_owned(),
            ">" => ">>>>>>> theirs\n".to_owned(),
            line => format!("{line}\n"),
        };
        lines.split(',').map(line).collect()
    }

    fn check(lines: &str, expected: Result<&str, &str>) {
        let text = conflicted(&format!("version 1,provider sqlite,table t,{lines}"));
        let merged = LockFile::merge_conflicted(&text);
        let shown = merged.map(|lock| {
            let lines: Vec<_> = lock.entries.iter().map(ToString::to_string).collect();
            lines.join(",")
        });
        let shown = shown.map_err(|error| error.to_string());
        assert_eq!(shown, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
    }

    #[test]
    fn unions() {
        check("", Ok(""));
        check("draft 1,<,draft 2,=,draft 3,>", Ok("draft 1,draft 2,draft 3"));
        check("draft 1,<,draft 3,=,draft 2,>,absent 9", Ok("draft 1,draft 2,draft 3,absent 9"));
        check("<,draft 1,draft 2,=,draft 2,draft 3,>", Ok("draft 1,draft 2,draft 3"));
        check("<,draft 1,=,>", Ok("draft 1"));
        check(
            "<,draft 1,=,draft 2,>,draft 3,<,draft 4,=,draft 5,>",
            Ok("draft 1,draft 2,draft 3,draft 4,draft 5"),
        );
        // the base is on neither side
        check("<,draft 2,|,draft 1,=,draft 3,>", Ok("draft 2,draft 3"));
        check("<,draft 2,|,=,draft 3,>", Ok("draft 2,draft 3"));
        check(
            "<,draft 2,|,<<<<<<<<< a,draft 1,=========,>>>>>>>>> b,=,draft 3,>",
            Ok("draft 2,draft 3"),
        );
        // no markers: joined by hand, or by git's union driver
        check("draft 2,draft 1,draft 2", Ok("draft 1,draft 2"));
    }

    #[test]
    fn disagreements() {
        check("<,draft 1,=,absent 1,>", Err("1 is one thing on line 5 and another on line 7"));
        check(
            "draft 1,<,draft 2,=,absent 1,>",
            Err("1 is one thing on line 4 and another on line 8"),
        );
        check("draft 1,absent 1", Err("1 is one thing on line 4 and another on line 5"));
        check("<,skipped 1,=,draft 1,>", Err("line 5: skipped needs a later version of xtask-db"));
        let header = |lines: &str, expected: &str| {
            let error = LockFile::merge_conflicted(&conflicted(lines)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        header(
            "version 1,<,provider sqlite,=,provider mysql,>,table t",
            "provider is one thing on line 3 and another on line 5",
        );
        header(
            "version 1,provider sqlite,<,table t,=,table u,>",
            "table is one thing on line 4 and another on line 6",
        );
        header(
            "<,version 1,=,version 2,>,provider sqlite,table t",
            "line 4: version 2 needs a later version of xtask-db",
        );
    }

    #[test]
    fn one_side_may_be_further() {
        let hex = |digit: char| digit.to_string().repeat(64);
        let line = |sum: char, more: &str| {
            format!("sealed sha256:{} tokens:{}{more} 1", hex(sum), hex(sum))
        };
        let was = format!(" was:{}", hex('a'));
        let check_lines = |ours: &str, theirs: &str, expected: Option<&str>| {
            for (first, second) in [(ours, theirs), (theirs, ours)] {
                let error = "1 is one thing on line 5 and another on line 7";
                check(&format!("<,{first},=,{second},>"), expected.ok_or(error));
            }
        };
        let (a, b) = (line('a', ""), line('b', ""));
        check_lines("draft 1", &a, Some(&a));
        check_lines(&a, &b, None);
        check_lines(&a, "absent 1", None);
        let repaired = line('b', &was);
        check_lines(&a, &repaired, Some(&repaired));
        let any = line('a', " order:any");
        check_lines(&a, &any, Some(&any));
        let both = line('b', &format!("{was} order:any"));
        check_lines(&any, &repaired, Some(&both));
        let other = line('a', &format!(" backfill:{}", hex('c')));
        check_lines(&a, &other, None);
    }

    #[test]
    fn markers_out_of_place() {
        for lines in ["=", ">", "|", "<,<", "<,>", "<,=,=", "<,=,|", "<,|,|", "<,=,>,>"] {
            let line = lines.split(',').count() + 3;
            check(lines, Err(&format!("line {line}: a conflict marker out of place")));
        }
        check("draft 1,<,draft 2", Err("line 5: this conflict never ends"));
        check("<,=", Err("line 4: this conflict never ends"));
    }

    #[test]
    fn with_crlf() {
        let text = conflicted("version 1,provider sqlite,table t,<,draft 2,=,draft 1,>");
        let merged = LockFile::merge_conflicted(&text.replace('\n', "\r\n")).unwrap();
        assert_eq!(merged, LockFile::merge_conflicted(&text).unwrap());
    }
}
