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
            && !line.was.contains(&old)
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
