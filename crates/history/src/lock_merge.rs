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

/// Every line with its part, markers left out.
fn in_parts(text: &str) -> Result<Vec<(Part, u32, &str)>, LockError> {
    let mut part = Part::Common;
    let mut opened = 0;
    let mut lines = Vec::new();
    for (line, text) in numbered(text) {
        let Some(marker) = MARKERS.iter().position(|marker| text.starts_with(marker)) else {
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
