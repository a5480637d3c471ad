//! Which migrations are *own*: not in the lock file at the merge base with the default branch, nor
//! at its tip, so that nobody else has them yet and they may still change.
//!
//! Invariant: in doubt nothing is own. Only `--own` makes a migration own then.

use std::path::Path;

use xtask_db_history::{LOCK_FILE, LockFile, MigrationId};

use crate::git::Git;

/// What was merged already.
#[derive(Debug)]
pub(crate) enum Own {
    /// Known: what the lock file has; none when there is none.
    Since {
        /// The branch that the merge base is with, for messages.
        branch: String,
        /// The lock file there.
        merged: Option<Box<LockFile>>,
    },
    /// Not known: nothing is own.
    Unknown {
        /// Why, as the end of the sentence "nothing is your own here: …".
        why: &'static str,
    },
}

impl Own {
    /// Reads what was merged. `base` is the base branch of a pull request, when there is one.
    pub(crate) fn read(migrations: &Path, base: Option<&str>) -> Self {
        let Some(git) = Git::find(migrations) else {
            return Self::Unknown { why: "the migrations are not in a git repository" };
        };
        if git.head().is_none() {
            return Self::Since { branch: "the first commit".to_owned(), merged: None };
        }
        let Some((branch, tip)) = git.default_branch(base) else {
            return Self::Unknown { why: "the repository has no origin/HEAD, main or master" };
        };
        let Some(commit) = git.merge_base(&tip) else {
            let why = if git.is_shallow() {
                "the clone is shallow, so the merge base is out of reach"
            } else {
                "this branch has no commit in common with the default branch"
            };
            return Self::Unknown { why };
        };
        let mut merged: Option<Box<LockFile>> = None;
        // The tip too: what others have by now is not to be changed, whoever wrote it.
        for at in [&commit, &tip] {
            let Some(bytes) = git.file_at(at, &migrations.join(LOCK_FILE)) else { continue };
            let text = String::from_utf8(bytes).ok();
            let Some(lock) = text.and_then(|text| LockFile::parse(&text).ok()) else {
                return Self::Unknown { why: "the default branch's lock file cannot be read" };
            };
            match &mut merged {
                None => merged = Some(Box::new(lock)),
                Some(merged) => lock.entries.into_iter().for_each(|entry| merged.put(entry)),
            }
        }
        Self::Since { branch, merged }
    }

    /// Whether a migration may still change.
    pub(crate) fn is_own(&self, id: &MigrationId) -> bool {
        match self {
            Self::Since { merged: Some(lock), .. } => lock.entry(id).is_none(),
            Self::Since { merged: None, .. } => true,
            Self::Unknown { .. } => false,
        }
    }

    /// Why a migration is not own, as the end of the sentence "ID cannot change: …".
    pub(crate) fn why_not(&self) -> String {
        match self {
            Self::Since { branch, .. } => format!("it was merged into {branch}"),
            Self::Unknown { why } => (*why).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_history::Entry;
    use xtask_db_sql::Dialect;

    use super::*;
    use crate::git::tests::Scratch;

    fn id(name: &str) -> MigrationId {
        name.parse().unwrap()
    }

    fn lock(scratch: &Scratch, ids: &[&str]) {
        let mut lock = LockFile::new(Dialect::Sqlite, "_xtask_db_migrations");
        ids.iter().for_each(|name| lock.put(Entry::Draft(id(name))));
        scratch.write("m/migrations.lock", &lock.to_string());
    }

    fn check(scratch: &Scratch, name: &str, expected: bool) {
        let own = Own::read(&scratch.path("m"), None);
        assert_eq!(own.is_own(&id(name)), expected, "{name} {own:?}");
    }

    #[test]
    fn what_main_has_is_not_own() {
        let scratch = Scratch::new();
        lock(&scratch, &["1_a"]);
        check(&scratch, "1_a", true);
        scratch.commit("one");
        check(&scratch, "1_a", false);
        check(&scratch, "2_b", true);
        scratch.git(&["switch", "--quiet", "--create", "topic"]);
        lock(&scratch, &["1_a", "2_b"]);
        scratch.commit("two");
        check(&scratch, "2_b", true);
        scratch.git(&["switch", "--quiet", "main"]);
        scratch.git(&["merge", "--quiet", "topic"]);
        scratch.git(&["switch", "--quiet", "topic"]);
        check(&scratch, "2_b", false);
    }

    #[test]
    fn what_main_gained_meanwhile_is_not_own() {
        let scratch = Scratch::new();
        lock(&scratch, &["1_a"]);
        scratch.commit("one");
        scratch.git(&["branch", "--quiet", "topic"]);
        lock(&scratch, &["1_a", "2_b"]);
        scratch.commit("two");
        scratch.git(&["switch", "--quiet", "topic"]);
        check(&scratch, "1_a", false);
        check(&scratch, "2_b", false);
        check(&scratch, "3_c", true);
    }

    #[test]
    fn in_doubt_nothing_is_own() {
        let scratch = Scratch::new();
        scratch.write("m/migrations.lock", "<<<<<<< ours\n");
        scratch.commit("one");
        check(&scratch, "1_a", false);
        scratch.git(&["branch", "--quiet", "--move", "trunk"]);
        check(&scratch, "1_a", false);
        let dir = tempfile::tempdir().unwrap();
        assert!(!Own::read(dir.path(), None).is_own(&id("1_a")));
    }
}
