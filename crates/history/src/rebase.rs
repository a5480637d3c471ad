//! Moves own migrations after those that were merged: which, and to which ids.
//!
//! Invariant: migrations that move keep their order among themselves.
//! Invariant: a lock file's line moves with everything that it says, but the id.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{Entry, History, IdError, LockFile, MigrationId, next_id};

/// A migration gets another id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// As it was.
    pub from: MigrationId,
    /// As it will be.
    pub to: MigrationId,
}

/// The moves that put own migrations after all others; none when they are there already. All from
/// the first own one on move, so that none overtakes another. `taken` are ids that are in use
/// elsewhere, such as in the database.
///
/// # Errors
/// A new id is none: its name is too long.
pub fn rebase(
    history: &History,
    is_own: impl Fn(&MigrationId) -> bool,
    taken: &[MigrationId],
    now: Timestamp,
) -> Result<Vec<Move>, IdError> {
    let ids = || history.migrations.iter().map(|migration| &migration.id);
    let lines = history.lock.entries.iter().map(Entry::id);
    let Some(last) = ids().chain(lines).filter(|id| !is_own(id)).max() else {
        return Ok(Vec::new());
    };
    match ids().find(|id| is_own(id)) {
        Some(first) if first < last => {}
        _ => return Ok(Vec::new()),
    }
    move_last(history, ids().filter(|id| is_own(id)), taken, now)
}

/// The moves that put these migrations, in the order given, after every other.
///
/// # Errors
/// A new id is none: its name is too long.
pub fn move_last<'a>(
    history: &History,
    ids: impl Iterator<Item = &'a MigrationId>,
    taken: &[MigrationId],
    now: Timestamp,
) -> Result<Vec<Move>, IdError> {
    let disk = history.migrations.iter().map(|migration| &migration.id);
    let lines = history.lock.entries.iter().map(Entry::id);
    let mut last: Vec<MigrationId> =
        disk.chain(lines).chain(taken).max().cloned().into_iter().collect();
    let mut moves = Vec::new();
    for from in ids {
        let to = next_id(now, &last, name(from))?;
        last = vec![to.clone()];
        moves.push(Move { from: from.clone(), to });
    }
    Ok(moves)
}

/// What an interrupted run has moved on disk and not in the lock file: own sealed lines without a
/// folder, each with the folder that has its text and no line.
#[must_use]
pub fn half_moved(history: &History, is_own: impl Fn(&MigrationId) -> bool) -> Vec<Move> {
    let gone = history.lock.entries.iter().filter_map(Entry::as_sealed);
    let gone = gone.filter(|line| history.get(&line.id).is_none() && is_own(&line.id));
    let mut taken = BTreeSet::new();
    let mut moves = Vec::new();
    for line in gone {
        let found = history.migrations.iter().find(|migration| {
            migration.checksum == line.sha256
                && history.lock.entry(&migration.id).is_none()
                && name(&migration.id) == name(&line.id)
                && !taken.contains(&migration.id)
        });
        if let Some(migration) = found {
            taken.insert(migration.id.clone());
            moves.push(Move { from: line.id.clone(), to: migration.id.clone() });
        }
    }
    moves
}

impl LockFile {
    /// Gives lines their new ids. A migration without a line gets none.
    pub fn relocate(&mut self, moves: &[Move]) {
        // All are taken out first: a new id may be an old one of another.
        let lines: Vec<(Option<Entry>, &MigrationId)> = moves
            .iter()
            .map(|one| {
                let line = self.entry(&one.from).cloned();
                self.remove(&one.from);
                (line, &one.to)
            })
            .collect();
        for (line, to) in lines {
            match line {
                Some(Entry::Sealed(mut sealed)) => {
                    sealed.id = to.clone();
                    self.put(Entry::Sealed(sealed));
                }
                Some(Entry::Draft(_)) => self.put(Entry::Draft(to.clone())),
                Some(Entry::Absent(_)) | None => {}
            }
        }
    }
}

/// What a migration is called after its version.
fn name(id: &MigrationId) -> &str {
    let name = id.after_version();
    // only a version, or none of the characters that a slug has
    if crate::slug(name).is_empty() { "migration" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{history, letter};

    const NOW: &str = "2026-01-02T03:04:05Z";

    /// Own ids are given by their letters.
    fn check(disk: &str, lock: &str, own: &str, expected: &str) {
        let before = history(disk, lock);
        let is_own = |id: &MigrationId| own.contains(letter(id.as_str()));
        let moves = rebase(&before, is_own, &[], NOW.parse().unwrap()).unwrap();
        let shown: Vec<String> =
            moves.iter().map(|one| format!("{} {}", letter(one.from.as_str()), one.to)).collect();
        assert_eq!(shown.join("; "), expected, "{disk} | {lock} | {own}");
        let mut after = before.clone();
        after.lock.relocate(&moves);
        assert_eq!(after.lock.entries.len(), before.lock.entries.len());
        let last = before.migrations.iter().map(|m| &m.id).filter(|id| !is_own(id)).max();
        assert!(moves.iter().all(|one| Some(&one.to) > last), "{shown:?}");
        assert!(moves.is_sorted_by(|first, second| first.to < second.to), "{shown:?}");
    }

    #[test]
    fn own_ones_go_last_in_their_order() {
        check("", "", "", "");
        check("a b", "a b", "", "");
        check("a b", "a b", "ab", "");
        check("a b c", "a b c", "c", "");
        check("a b c", "a b c", "b", "b 20260102030405_b");
        check("a b c", "a ?b c", "b", "b 20260102030405_b");
        check("a b c", "a c", "b", "b 20260102030405_b");
        check("a b c d", "a b c d", "bd", "b 20260102030405_b; d 20260102030406_d");
        check("b", "b -c", "b", "b 20260102030405_b");
    }

    #[test]
    fn a_line_keeps_what_it_says() {
        let mut before = history("a b c", "a b~<+% c");
        let from = before.migrations[1].id.clone();
        let line = before.lock.sealed(&from).unwrap().clone();
        let to: MigrationId = "20270101000000_b".parse().unwrap();
        before.lock.relocate(&[Move { from: from.clone(), to: to.clone() }]);
        assert_eq!(before.lock.entry(&from), None);
        assert_eq!(before.lock.sealed(&to), Some(&crate::Sealed { id: to.clone(), ..line }));
    }

    #[test]
    fn what_was_moved_by_half_is_found_by_its_text() {
        let check = |disk: &str, lock: &str, expected: usize| {
            let mut before = history(disk, lock);
            for migration in &mut before.migrations {
                if letter(migration.id.as_str()) == "c" {
                    migration.id = "20270101000000_b".parse().unwrap();
                }
            }
            assert_eq!(half_moved(&before, |_| true).len(), expected, "{disk} | {lock}");
            assert_eq!(half_moved(&before, |_| false), []);
        };
        check("a c=b", "a b", 1);
        check("a c", "a b", 0);
        check("a b c=b", "a b", 0);
    }

    #[test]
    fn ids_in_use_elsewhere_are_passed() {
        let before = history("a b", "a b");
        let ids = [before.migrations[0].id.clone()];
        let taken = ["20300101000000_x".parse().unwrap()];
        let moves = move_last(&before, ids.iter(), &taken, NOW.parse().unwrap()).unwrap();
        assert_eq!(moves[0].to.as_str(), "20300101000001_a");
    }

    #[test]
    fn a_bare_version_gets_a_name() {
        let check = |id: &str, expected: &str| {
            assert_eq!(name(&id.parse().unwrap()), expected, "{id}");
        };
        check("20260101000000", "migration");
        check("2026-01-01-000000_é", "migration");
        check("20260101000000_2fa", "2fa");
        check("2026-01-01-000000-0000_a b", "a b");
    }
}
