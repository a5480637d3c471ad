//! Finds a migration's folder on another git branch, and writes it back to disk.
//!
//! Invariant: only a text that the database applied is written.

use std::fmt;
use std::path::Path;

use xtask_db_history::{
    Checksum, Entry, LOCK_FILE, LockFile, MigrationId, canonical, write_migration,
};

use crate::context::Context;
use crate::fault::Fault;
use crate::git::{Commit, Git};

/// How many branches and tags are looked at, those with the latest commits first.
const REFS_MAX: usize = 500;
/// What a folder may hold.
const FILES: [&str; 5] = ["migration.sql", "down.sql", "verify.sql", "backfill.sql", "README.md"];

/// What git has of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A branch or tag has it, with the text that was applied.
    At { name: String, commit: Commit },
    /// A branch or tag has it, with another text.
    Edited { name: String },
    /// No branch and no tag has it.
    Nowhere,
    /// There is no repository.
    NoGit,
}

impl Place {
    /// The branch, tag or commit that it can be fetched from.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::At { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Where it can be fetched from.
    pub(crate) const fn commit(&self) -> Option<&Commit> {
        match self {
            Self::At { commit, .. } => Some(commit),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At { name, .. } => write!(f, "writes its folder back from {name}"),
            Self::Edited { name } => write!(f, "cannot: {name} has it with another text"),
            Self::Nowhere => f.write_str("cannot: no commit has it; was it ever committed?"),
            Self::NoGit => f.write_str("cannot: the migrations are not in a git repository"),
        }
    }
}

/// Where each of these is; with its checksum in the ledger.
pub(crate) fn find(migrations: &Path, wanted: &[(&MigrationId, &str)]) -> Vec<Place> {
    let Some(git) = Git::find(migrations) else {
        return wanted.iter().map(|_| Place::NoGit).collect();
    };
    let refs = git.refs(REFS_MAX);
    let one = |&(id, checksum): &(&MigrationId, &str)| {
        let file = migrations.join(id.as_str()).join("migration.sql");
        in_refs(&git, &refs, &file, checksum)
    };
    wanted.iter().map(one).collect()
}

/// A branch's tip is what a person knows; a commit of the past is looked at when none has it.
fn in_refs(git: &Git, refs: &[String], file: &Path, checksum: &str) -> Place {
    let mut edited = None;
    for (name, blob) in git.blobs(refs, file) {
        let short = ["refs/heads/", "refs/remotes/", "refs/tags/"]
            .iter()
            .find_map(|start| name.strip_prefix(start))
            .unwrap_or(name.as_str());
        let same = git.blob(&blob).is_some_and(|bytes| is(&bytes, checksum));
        match git.commit(&name) {
            Some(commit) if same => return Place::At { name: short.to_owned(), commit },
            _ => edited = edited.or_else(|| Some(short.to_owned())),
        }
    }
    let past = git.versions_anywhere(file).find(|(_, bytes)| is(bytes, checksum));
    match (past, edited) {
        (Some((commit, _)), _) => Place::At { name: format!("commit {}", commit.short()), commit },
        (None, Some(name)) => Place::Edited { name },
        (None, None) => Place::Nowhere,
    }
}

/// Whether these bytes are the text that has the ledger's checksum.
fn is(bytes: &[u8], checksum: &str) -> bool {
    let Ok(recorded) = checksum.trim().parse::<Checksum>() else { return false };
    canonical(bytes).is_ok_and(|text| {
        // Prisma records the bytes with the line ends of that checkout.
        Checksum::of(&text) == recorded || Checksum::of_variants(&text).contains(&recorded)
    })
}

/// Writes the folder as it is at a commit, then its line. Cut short in between it is a draft that
/// is applied, which the next `migrate` seals.
pub(crate) fn write(context: &Context, id: &MigrationId, commit: &Commit) -> Result<(), Fault> {
    let dir = context.migrations()?;
    let Some(git) = Git::find(&dir) else { return Ok(()) };
    let folder = dir.join(id.as_str());
    let mut files = Vec::new();
    for name in FILES {
        let path = folder.join(name);
        let Some(bytes) = git.file_at(commit, &path) else { continue };
        let text = canonical(&bytes).map_err(|problem| Fault::Io {
            path,
            source: std::io::Error::new(std::io::ErrorKind::InvalidData, problem),
        })?;
        files.push((name, text.into_owned()));
    }
    let shown: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    write_migration(&dir, id, &shown).map_err(|problem| Fault::Folder(vec![problem]))?;
    let there = git.file_at(commit, &dir.join(LOCK_FILE)).and_then(|bytes| {
        let text = String::from_utf8(bytes).ok()?;
        LockFile::parse(&text).ok()?.sealed(id).cloned()
    });
    if let (Some(line), Some(mut lock)) = (there, context.lock_file()?) {
        lock.put(Entry::Sealed(line));
        context.write_lock(&lock)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::tests::Scratch;

    const ID: &str = "20260101000000_a";

    fn check(scratch: &Scratch, text: &str, expected: &str) {
        let id: MigrationId = ID.parse().unwrap();
        let checksum = Checksum::of(text).to_string();
        let places = find(&scratch.path("m"), &[(&id, &checksum)]);
        assert!(places[0].to_string().contains(expected), "{places:?} is not {expected}");
    }

    #[test]
    fn a_branch_before_a_commit_of_the_past() {
        let scratch = Scratch::new();
        scratch.write("m/x", "");
        scratch.commit("one");
        check(&scratch, "a", "no commit");
        scratch.git(&["switch", "--quiet", "--create", "topic"]);
        scratch.write(&format!("m/{ID}/migration.sql"), "a");
        scratch.commit("two");
        scratch.git(&["switch", "--quiet", "main"]);
        check(&scratch, "a", "back from topic");
        check(&scratch, "b", "topic has it with another text");
        scratch.git(&["switch", "--quiet", "topic"]);
        scratch.write(&format!("m/{ID}/migration.sql"), "b");
        scratch.commit("three");
        scratch.git(&["switch", "--quiet", "main"]);
        check(&scratch, "b", "back from topic");
        check(&scratch, "a", "back from commit ");
    }

    #[test]
    fn outside_a_repository() {
        let dir = tempfile::tempdir().unwrap();
        let id: MigrationId = ID.parse().unwrap();
        assert_eq!(find(dir.path(), &[(&id, "")]), [Place::NoGit]);
    }
}
