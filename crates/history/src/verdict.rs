//! Disk against lock file, without a database: what `check`, `deploy` and the macro refuse.

use std::collections::{HashMap, HashSet};

use crate::{Checksum, Entry, History, LockFile, Migration, MigrationId, Sealed, token_hash};

/// A disagreement between the folder and its lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskProblem {
    /// A sealed migration's text changed.
    Changed {
        /// The id.
        id: MigrationId,
        /// The lock file's checksum.
        sealed: Checksum,
        /// The file's.
        found: Checksum,
        /// Only comments or whitespace changed.
        cosmetic: bool,
    },
    /// A sealed `backfill.sql` changed, vanished or appeared.
    BackfillChanged {
        /// The id.
        id: MigrationId,
        /// The lock file's checksum, if it has one.
        sealed: Option<Checksum>,
        /// The file's, if there is one.
        found: Option<Checksum>,
    },
    /// In the lock file, not on disk.
    Vanished {
        /// The id.
        id: MigrationId,
        /// Whether it is sealed (else a draft).
        sealed: bool,
    },
    /// On disk, not in the lock file: an unrecorded draft.
    Unlisted {
        /// The id.
        id: MigrationId,
    },
    /// Marked `absent`, but on disk.
    NotAbsent {
        /// The id.
        id: MigrationId,
    },
    /// Two ids with one version; a warning only.
    EqualVersions {
        /// The first.
        first: MigrationId,
        /// The second.
        second: MigrationId,
    },
    /// A draft stands before a sealed migration; a warning only.
    DraftBeforeSealed {
        /// The draft.
        draft: MigrationId,
        /// The first sealed one after it.
        sealed: MigrationId,
    },
}

impl DiskProblem {
    /// The migration it is about; of two, the first.
    #[must_use]
    pub const fn id(&self) -> &MigrationId {
        match self {
            Self::Changed { id, .. }
            | Self::BackfillChanged { id, .. }
            | Self::Vanished { id, .. }
            | Self::Unlisted { id }
            | Self::NotAbsent { id }
            | Self::EqualVersions { first: id, .. }
            | Self::DraftBeforeSealed { draft: id, .. } => id,
        }
    }

    /// It is only a warning.
    #[must_use]
    pub const fn is_warning(&self) -> bool {
        matches!(self, Self::EqualVersions { .. } | Self::DraftBeforeSealed { .. })
    }
}

/// Every disagreement between the folder and its lock file, in id order.
#[must_use]
pub fn disk_problems(history: &History) -> Vec<DiskProblem> {
    let History { migrations, lock } = history;
    let lines: HashMap<&str, &Entry> =
        lock.entries.iter().map(|entry| (entry.id().as_str(), entry)).collect();
    let mut found = Vec::new();
    for migration in migrations {
        match lines.get(migration.id.as_str()) {
            Some(Entry::Sealed(line)) => found.extend(changes(migration, line, lock)),
            Some(Entry::Absent(id)) => found.push(DiskProblem::NotAbsent { id: id.clone() }),
            Some(Entry::Draft(_)) => {}
            None => found.push(DiskProblem::Unlisted { id: migration.id.clone() }),
        }
    }
    let on_disk: HashSet<&str> = migrations.iter().map(|one| one.id.as_str()).collect();
    for entry in lock.entries.iter().filter(|entry| !on_disk.contains(entry.id().as_str())) {
        let vanished = |sealed| DiskProblem::Vanished { id: entry.id().clone(), sealed };
        match entry {
            Entry::Sealed(_) => found.push(vanished(true)),
            Entry::Draft(_) => found.push(vanished(false)),
            Entry::Absent(_) => {}
        }
    }
    found.extend(equal_versions(migrations));
    let is_sealed = |id: &MigrationId| matches!(lines.get(id.as_str()), Some(Entry::Sealed(_)));
    found.extend(drafts_before_sealed(migrations, is_sealed));
    found.sort_by(|first, second| first.id().cmp(second.id()));
    found
}

fn changes<'a>(
    migration: &Migration,
    line: &'a Sealed,
    lock: &LockFile,
) -> impl Iterator<Item = DiskProblem> + use<'a> {
    let text = (migration.checksum != line.sha256).then(|| DiskProblem::Changed {
        id: line.id.clone(),
        sealed: line.sha256,
        found: migration.checksum,
        cosmetic: token_hash(&migration.up.text, lock.syntax()) == line.tokens,
    });
    let found = migration.backfill_checksum();
    let backfill = (found != line.backfill).then(|| {
        let (id, sealed) = (line.id.clone(), line.backfill);
        DiskProblem::BackfillChanged { id, sealed, found }
    });
    text.into_iter().chain(backfill)
}

fn equal_versions(migrations: &[Migration]) -> impl Iterator<Item = DiskProblem> {
    migrations.windows(2).filter_map(|pair| {
        let (first, second) = (&pair[0].id, &pair[1].id);
        first
            .cmp_version(second)
            .is_eq()
            .then(|| DiskProblem::EqualVersions { first: first.clone(), second: second.clone() })
    })
}

/// Goes backwards, so that the next sealed migration is known at each draft.
fn drafts_before_sealed(
    migrations: &[Migration],
    is_sealed: impl Fn(&MigrationId) -> bool,
) -> Vec<DiskProblem> {
    let mut found = Vec::new();
    let mut next: Option<&MigrationId> = None;
    for id in migrations.iter().rev().map(|migration| &migration.id) {
        if is_sealed(id) {
            next = Some(id);
        } else if let Some(sealed) = next {
            let (draft, sealed) = (id.clone(), sealed.clone());
            found.push(DiskProblem::DraftBeforeSealed { draft, sealed });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{history, letter};

    fn check(disk: &str, lock: &str, expected: &str) {
        let found: Vec<String> = disk_problems(&history(disk, lock))
            .iter()
            .map(|problem| {
                let id = letter(problem.id().as_str());
                match problem {
                    DiskProblem::Changed { cosmetic: true, .. } => format!("cosmetic {id}"),
                    DiskProblem::Changed { .. } => format!("changed {id}"),
                    DiskProblem::BackfillChanged { sealed, found, .. } => {
                        format!("backfill {id} {} {}", sealed.is_some(), found.is_some())
                    }
                    DiskProblem::Vanished { sealed: true, .. } => format!("vanished {id}"),
                    DiskProblem::Vanished { .. } => format!("vanished draft {id}"),
                    DiskProblem::Unlisted { .. } => format!("unlisted {id}"),
                    DiskProblem::NotAbsent { .. } => format!("not absent {id}"),
                    DiskProblem::EqualVersions { second, .. } => {
                        format!("equal {id} {}", letter(second.as_str()))
                    }
                    DiskProblem::DraftBeforeSealed { sealed, .. } => {
                        format!("draft {id} before {}", letter(sealed.as_str()))
                    }
                }
            })
            .collect();
        assert_eq!(found.join("; "), expected, "{disk} | {lock}");
    }

    #[test]
    fn problems() {
        check("", "", "");
        check("a b c", "a b c", "");
        check("a b*", "a b", "changed b");
        check("a b~", "a b", "cosmetic b");
        check("a b~", "a b~<", "");
        check("a", "a b ?c -d", "vanished b; vanished draft c");
        check("a b", "a", "unlisted b");
        check("a b*", "a ?b", "");
        check("a b", "a -b", "not absent b");
        check("a c% d%", "a% c d%", "backfill a true false; backfill c false true");
        check("a*% b", "a -b", "changed a; backfill a false true; not absent b");
    }

    #[test]
    fn warnings() {
        check("a b c d", "a ?b ?c d", "draft b before d; draft c before d");
        check("a b c", "a c", "unlisted b; draft b before c");
        check("a b c", "a b ?c", "");
        check("a A", "a A", "equal A a");
        let equal = disk_problems(&history("a A", "a A"));
        assert!(equal.iter().all(DiskProblem::is_warning));
        let changed = disk_problems(&history("a*", "a"));
        assert!(!changed.iter().any(DiskProblem::is_warning));
    }
}
