//! Puts a lock file together again after git could not.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use crate::lock_text::{MARKERS, numbered, read_lines, syntax};
use crate::{Entry, LockError, LockFile, MigrationId};

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
            Slot::Occupied(slot) => agree(slot.key().as_str(), slot.get(), &(line, entry))?,
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
    Err(syntax(*other_line, format!("{what} is another than on line {line}")))
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
        check("<,draft 1,=,absent 1,>", Err("line 7: 1 is another than on line 5"));
        check("draft 1,<,draft 2,=,absent 1,>", Err("line 8: 1 is another than on line 4"));
        check("draft 1,absent 1", Err("line 5: 1 is another than on line 4"));
        check("<,skipped 1,=,draft 1,>", Err("line 5: skipped needs a later version of xtask-db"));
        let header = |lines: &str, expected: &str| {
            let error = LockFile::merge_conflicted(&conflicted(lines)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        header(
            "version 1,<,provider sqlite,=,provider mysql,>,table t",
            "line 5: provider is another than on line 3",
        );
        header(
            "version 1,provider sqlite,<,table t,=,table u,>",
            "line 6: table is another than on line 4",
        );
        header(
            "<,version 1,=,version 2,>,provider sqlite,table t",
            "line 4: version 2 needs a later version of xtask-db",
        );
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
