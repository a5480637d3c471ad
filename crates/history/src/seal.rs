//! Changes of the lock file's lines: sealing, and agreeing to a text that changed after it.

use xtask_db_sql::Syntax;

use crate::{Checksum, Entry, LockFile, Migration, MigrationId, Sealed, token_hash};

/// Why a changed text is not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCosmetic {
    /// A draft, or not in the lock file: there is nothing to repair.
    #[error("{id} is not sealed")]
    Unsealed {
        /// The id.
        id: MigrationId,
    },
    /// More than comments and whitespace changed.
    #[error("{id} has other SQL than what was sealed")]
    Edited {
        /// The id.
        id: MigrationId,
    },
    /// `backfill.sql` changed; the lock file does not know its tokens.
    #[error("{id} has another backfill.sql than what was sealed")]
    Backfill {
        /// The id.
        id: MigrationId,
    },
}

impl Sealed {
    /// The line of a migration that was never sealed.
    #[must_use]
    pub fn of(migration: &Migration, syntax: Syntax) -> Self {
        Self {
            id: migration.id.clone(),
            sha256: migration.checksum,
            tokens: token_hash(&migration.up.text, syntax),
            was: Vec::new(),
            backfill: migration.backfill_checksum(),
            order_any: false,
        }
    }
}

impl LockFile {
    /// The settings that tokens are counted with: the server defaults of the provider, whatever a
    /// server says, so that a hash is the same everywhere.
    #[must_use]
    pub const fn syntax(&self) -> Syntax {
        Syntax::of(self.provider)
    }

    /// Fixes the text of a migration. `was:` and `order:any` of a line it has are kept.
    pub fn seal(&mut self, migration: &Migration) {
        let mut line = Sealed::of(migration, self.syntax());
        if let Some(old) = self.sealed(&migration.id) {
            line.order_any = old.order_any;
            line.was = old.was.iter().copied().filter(|was| *was != line.sha256).collect();
        }
        self.put(Entry::Sealed(line));
    }

    /// Takes over a text of which only comments or whitespace changed since it was sealed; the
    /// sealed one becomes a `was:`. An unchanged text changes nothing.
    ///
    /// # Errors
    /// It is not sealed, or more than that changed.
    pub fn repair(&mut self, migration: &Migration) -> Result<(), NotCosmetic> {
        let old = self.line_of(migration)?;
        let id = || migration.id.clone();
        if old.backfill != migration.backfill_checksum() {
            return Err(NotCosmetic::Backfill { id: id() });
        }
        if old.tokens != token_hash(&migration.up.text, self.syntax()) {
            return Err(NotCosmetic::Edited { id: id() });
        }
        self.accept(migration)
    }

    /// Takes over a text that truly changed since it was sealed, after a person agreed: databases
    /// with the sealed one count as having this one.
    ///
    /// # Errors
    /// It is not sealed.
    pub fn accept(&mut self, migration: &Migration) -> Result<(), NotCosmetic> {
        let old = self.line_of(migration)?.sha256;
        self.seal(migration);
        if let Ok(at) = self.place(&migration.id)
            && let Entry::Sealed(line) = &mut self.entries[at]
            && old != line.sha256
        {
            line.was.push(old);
        }
        Ok(())
    }

    fn line_of(&self, migration: &Migration) -> Result<&Sealed, NotCosmetic> {
        let unsealed = || NotCosmetic::Unsealed { id: migration.id.clone() };
        self.sealed(&migration.id).ok_or_else(unsealed)
    }
}

impl Migration {
    /// The checksum of `backfill.sql`, when there is one.
    #[must_use]
    pub fn backfill_checksum(&self) -> Option<Checksum> {
        self.backfill.as_ref().map(|file| Checksum::of(&file.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::history;

    /// What becomes of a lock file's line for `a` when this is done with `a` as it is on disk.
    fn check(
        change: fn(&mut LockFile, &Migration) -> Result<(), NotCosmetic>,
        disk: &str,
        lock: &str,
        expected: Result<&str, &str>,
    ) {
        let mut before = history(disk, lock);
        let done = change(&mut before.lock, &before.migrations[0]);
        match expected {
            Ok(line) => {
                assert_eq!(done, Ok(()), "{disk} | {lock}");
                assert_eq!(before.lock, history(disk, line).lock, "{disk} | {lock}");
            }
            Err(problem) => {
                assert_eq!(done.unwrap_err().to_string(), problem, "{disk} | {lock}");
                assert_eq!(before, history(disk, lock), "{disk} | {lock}");
            }
        }
    }

    const A: &str = "20260101000010_a";

    #[test]
    fn seal() {
        let check = |disk, lock, expected| {
            let seal = |lock: &mut LockFile, one: &Migration| {
                lock.seal(one);
                Ok(())
            };
            check(seal, disk, lock, Ok(expected));
        };
        check("a", "", "a");
        check("a", "?a ?b", "a ?b");
        check("a%", "-a", "a%");
        check("a*", "a", "a*");
        check("a~", "a*<+", "a~<+");
        check("a", "a~<", "a");
    }

    #[test]
    fn repair() {
        let check = |disk, lock, expected| check(LockFile::repair, disk, lock, expected);
        check("a", "a", Ok("a"));
        check("a~", "a", Ok("a~<"));
        check("a~%", "a%+", Ok("a~%<+"));
        check("a~", "a~<", Ok("a~<"));
        let edited = format!("{A} has other SQL than what was sealed");
        check("a*", "a", Err(&edited));
        check("a=b", "a", Err(&edited));
        let backfill = format!("{A} has another backfill.sql than what was sealed");
        check("a%", "a", Err(&backfill));
        check("a~", "a%", Err(&backfill));
        let unsealed = format!("{A} is not sealed");
        check("a", "?a", Err(&unsealed));
        check("a", "-a", Err(&unsealed));
        check("a", "", Err(&unsealed));
    }

    #[test]
    fn accept() {
        let check = |disk, lock, expected| check(LockFile::accept, disk, lock, expected);
        check("a*", "a", Ok("a*<"));
        check("a~%", "a", Ok("a~%<"));
        check("a", "a", Ok("a"));
        check("a%", "a", Ok("a%"));
        check("a*", "?a", Err(&format!("{A} is not sealed")));
    }

    #[test]
    fn there_and_back() {
        let (plain, other) = (history("a", "a"), history("a~", ""));
        let mut lock = plain.lock.clone();
        let was = |lock: &LockFile| lock.entries[0].as_sealed().map(|line| line.was.clone());
        lock.repair(&other.migrations[0]).unwrap();
        assert_eq!(was(&lock), Some(vec![plain.migrations[0].checksum]));
        lock.repair(&plain.migrations[0]).unwrap();
        assert_eq!(was(&lock), Some(vec![other.migrations[0].checksum]));
        lock.repair(&other.migrations[0]).unwrap();
        assert_eq!(was(&lock), Some(vec![plain.migrations[0].checksum]));
    }
}
