//! The lock file against a revision: what this branch did to migrations that others have.
//!
//! Invariant: what the revision gained after this branch left it is not held against the branch.

use std::path::Path;

use xtask_db_history::{Breach, LOCK_FILE, LockFile, MigrationId, against};

use crate::git::{Commit, Git};

/// What the comparison found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// What the branch did.
    pub(crate) breaches: Vec<Breach>,
    /// Migrations that the revision has and this branch does not have yet.
    pub(crate) not_yet_here: Vec<MigrationId>,
}

/// Why there is nothing to compare with.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoBase {
    /// Not a repository.
    #[error("the migrations are not in a git repository, so there is no {rev} to compare with")]
    NoGit {
        /// As given.
        rev: String,
    },
    /// The clone is shallow and lacks the revision, or the way to it.
    #[error("this clone is shallow and cannot be compared with {rev}")]
    Shallow {
        /// As given.
        rev: String,
    },
    /// No such revision.
    #[error("{rev} is not a revision of this repository")]
    Unknown {
        /// As given.
        rev: String,
    },
    /// The lock file there is none.
    #[error("the lock file at {rev} cannot be read: {problem}")]
    Unreadable {
        /// As given.
        rev: String,
        /// Why.
        problem: String,
    },
}

impl NoBase {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::NoGit { .. } => "leave out --against".into(),
            Self::Shallow { .. } => "fetch the whole history; with actions/checkout, set \
                                     `fetch-depth: 0`"
                .into(),
            Self::Unknown { rev } => format!("fetch it first: git fetch origin {rev}"),
            Self::Unreadable { .. } => "compare with a revision whose lock file is whole".into(),
        }
    }
}

/// Compares the lock file with the one at a revision. No lock file there: nothing to compare.
///
/// # Errors
/// The revision is out of reach, or its lock file cannot be read.
pub(crate) fn compare(migrations: &Path, rev: &str, now: &LockFile) -> Result<Compared, NoBase> {
    let (git, tip) = reach(migrations, rev)?;
    let Some(base) = lock_at(&git, &tip, migrations, rev)? else { return Ok(Compared::default()) };
    let fork = match git.merge_base(&tip) {
        Some(fork) => lock_at(&git, &fork, migrations, rev)?,
        None if git.is_shallow() => return Err(NoBase::Shallow { rev: rev.to_owned() }),
        None => None,
    };
    Ok(sort_out(&base, fork.as_ref(), now))
}

/// The lock file at a revision; none when there is none.
///
/// # Errors
/// The revision is out of reach, or its lock file cannot be read.
#[cfg(feature = "lint")]
pub(crate) fn lock_file_at(migrations: &Path, rev: &str) -> Result<Option<LockFile>, NoBase> {
    let (git, tip) = reach(migrations, rev)?;
    lock_at(&git, &tip, migrations, rev)
}

/// The repository and the revision's commit.
pub(crate) fn reach(migrations: &Path, rev: &str) -> Result<(Git, Commit), NoBase> {
    let git = Git::find(migrations).ok_or_else(|| NoBase::NoGit { rev: rev.to_owned() })?;
    if let Some(tip) = resolve(&git, rev) {
        return Ok((git, tip));
    }
    let rev = rev.to_owned();
    Err(if git.is_shallow() { NoBase::Shallow { rev } } else { NoBase::Unknown { rev } })
}

/// A branch of `origin` counts too: a pull request's checkout has no local one.
fn resolve(git: &Git, rev: &str) -> Option<Commit> {
    git.commit(rev).or_else(|| git.commit(&format!("refs/remotes/origin/{rev}")))
}

fn lock_at(
    git: &Git,
    commit: &Commit,
    migrations: &Path,
    rev: &str,
) -> Result<Option<LockFile>, NoBase> {
    let Some(bytes) = git.file_at(commit, &migrations.join(LOCK_FILE)) else { return Ok(None) };
    let unreadable = |problem: String| NoBase::Unreadable { rev: rev.to_owned(), problem };
    let text = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    LockFile::parse(&text).map(Some).map_err(|error| unreadable(error.to_string()))
}

/// A line that is as it was where the branch left was changed by the revision, not here.
fn sort_out(base: &LockFile, fork: Option<&LockFile>, now: &LockFile) -> Compared {
    let mut compared = Compared::default();
    for breach in against(base, now) {
        let theirs = fork.is_some_and(|fork| match &breach {
            Breach::Changed { id } | Breach::Vanished { id } => fork.entry(id) == now.entry(id),
            Breach::Header { .. } => fork.provider == now.provider && fork.table == now.table,
            Breach::NotLast { .. } => false,
        });
        match breach {
            Breach::Vanished { id } if theirs => compared.not_yet_here.push(id),
            _ if theirs => {}
            breach => compared.breaches.push(breach),
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use xtask_db_history::{Checksum, Entry, Sealed};
    use xtask_db_sql::Dialect;

    use super::*;
    use crate::git::tests::Scratch;

    fn lock(lines: &[(&str, &str)]) -> LockFile {
        let mut lock = LockFile::new(Dialect::Sqlite, "_xtask_db_migrations");
        for (id, text) in lines {
            let (sha256, tokens) = (Checksum::of(text), Checksum::of(text));
            let id = id.parse().unwrap();
            let (was, backfill, order_any) = (Vec::new(), None, false);
            lock.put(Entry::Sealed(Sealed { id, sha256, tokens, was, backfill, order_any }));
        }
        lock
    }

    fn check(
        fork: &[(&str, &str)],
        base: &[(&str, &str)],
        now: &[(&str, &str)],
        breaches: &[&str],
        not_yet_here: &[&str],
    ) {
        let compared = sort_out(&lock(base), Some(&lock(fork)), &lock(now));
        let shown: Vec<String> = compared
            .breaches
            .iter()
            .map(|breach| match breach {
                Breach::Changed { id } => format!("changed {id}"),
                Breach::Vanished { id } => format!("vanished {id}"),
                Breach::NotLast { id, last } => format!("{id} before {last}"),
                Breach::Header { what, .. } => format!("header {what}"),
            })
            .collect();
        assert_eq!(shown, breaches);
        let ids: Vec<&str> = compared.not_yet_here.iter().map(AsRef::as_ref).collect();
        assert_eq!(ids, not_yet_here);
    }

    #[test]
    fn a_branch_answers_for_its_own_changes_only() {
        let a = ("1_a", "a");
        check(&[a], &[a], &[a, ("2_b", "b")], &[], &[]);
        check(&[a], &[a], &[("1_a", "x")], &["changed 1_a"], &[]);
        check(&[a], &[a], &[], &["vanished 1_a"], &[]);
        check(&[a], &[a, ("2_b", "b")], &[a], &[], &["2_b"]);
        check(&[a], &[("1_a", "repaired")], &[a], &[], &[]);
        check(&[a], &[a, ("3_c", "c")], &[a, ("2_b", "b")], &["2_b before 3_c"], &["3_c"]);
    }

    #[test]
    fn a_revision_out_of_reach_is_named() {
        let scratch = Scratch::new();
        let now = lock(&[]);
        scratch.write("m/migrations.lock", "what\n");
        scratch.commit("one");
        let unknown = compare(&scratch.path("m"), "no-such", &now);
        assert_eq!(unknown, Err(NoBase::Unknown { rev: "no-such".into() }));
        let broken = compare(&scratch.path("m"), "main", &now).unwrap_err();
        assert!(matches!(broken, NoBase::Unreadable { .. }), "{broken:?}");
        let dir = tempfile::tempdir().unwrap();
        let outside = compare(dir.path(), "main", &now);
        assert_eq!(outside, Err(NoBase::NoGit { rev: "main".into() }));
    }

    #[test]
    fn a_shallow_clone_is_no_base() {
        let scratch = Scratch::new();
        scratch.commit("one");
        scratch.commit("two");
        let url = format!("file://{}", scratch.dir.path().display());
        let copy = tempfile::tempdir().unwrap();
        let to = copy.path().join("copy");
        scratch.git(&["clone", "--quiet", "--depth=1", &url, to.to_str().unwrap()]);
        let error = compare(&to, "HEAD~1", &lock(&[]));
        assert_eq!(error, Err(NoBase::Shallow { rev: "HEAD~1".into() }));
    }

    #[test]
    fn a_branch_of_origin_is_found_by_its_name() {
        let scratch = Scratch::new();
        scratch.write("m/migrations.lock", &lock(&[("1_a", "a")]).to_string());
        scratch.commit("one");
        scratch.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
        let compared = compare(&scratch.path("m"), "release", &lock(&[])).unwrap();
        assert_eq!(compared.breaches.len(), 1);
    }
}
