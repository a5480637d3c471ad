//! All guesses, the best first.

use super::{columns, relations};
use crate::mysql::{Catalog, Key, KeyKind, Table};
use crate::{Guess, Rename, RenameKind};

/// Renames that may be meant, best first. What is inside a table is looked at when the table is in
/// both catalogs.
#[must_use]
pub fn guesses(from: &Catalog, to: &Catalog) -> Vec<Guess> {
    let mut found = relations::guesses(from, to);
    for table in &from.tables {
        if let Some(other) = to.table(&table.name) {
            found.extend(columns::guesses(table, other));
            found.extend(indexes(table, other));
        }
    }
    found.sort_by_key(|guess| std::cmp::Reverse(guess.likeness));
    found
}

/// An index is the same when all but its name is.
fn indexes(from: &Table, to: &Table) -> Vec<Guess> {
    let mut found = Vec::new();
    for old in from.keys.iter().filter(|key| to.key(&key.name).is_none()) {
        for new in to.keys.iter().filter(|key| from.key(&key.name).is_none()) {
            let renamed = Key { name: new.name.clone(), ..old.clone() };
            if renamed == *new && old.kind != KeyKind::Primary {
                found.push(guess(RenameKind::Index, Some(&from.name), &old.name, &new.name, 95));
            }
        }
    }
    found
}

/// A guess of an object in the database, or of one in a table.
pub(super) fn guess(
    kind: RenameKind,
    parent: Option<&str>,
    from: &str,
    to: &str,
    likeness: u8,
) -> Guess {
    let parent = parent.map(str::to_owned);
    let rename = Rename { kind, schema: None, parent, from: from.to_owned(), to: to.to_owned() };
    Guess { rename, likeness }
}
