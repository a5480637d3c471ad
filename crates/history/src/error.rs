//! What is wrong with an id, a folder or a lock file. Facts only; the wording of hints is `cli`'s.

use std::path::{Path, PathBuf};

use crate::MigrationId;
use crate::bytes::TextError;
use crate::id::is_control;

/// Why a name is not a migration id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing.
    #[error("the name is empty")]
    Empty,
    /// Longer than 200 bytes.
    #[error("the name has {bytes} bytes, more than 200")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A path separator, a control character, or `.`/`..`.
    #[error("the name has {what}")]
    Character {
        /// `a path separator`, `a control character`, `a leading dot`, …
        what: &'static str,
    },
    /// No version (digits) in it.
    #[error("the name has no version: a timestamp or a sequence number")]
    NoVersion,
}

/// Something in a migrations folder that is refused.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be read.
    #[error("{path}: {source}", path = visible_path(path))]
    Io {
        /// What was read.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A folder name that is not an id.
    #[error("{path}: {problem}", path = visible_path(path))]
    Name {
        /// The folder.
        path: PathBuf,
        /// Why.
        problem: IdError,
    },
    /// A folder without `migration.sql`.
    #[error("{path} has no migration.sql", path = visible_path(path))]
    NoMigrationSql {
        /// The folder.
        path: PathBuf,
    },
    /// A `.sql` file directly in the migrations folder: another tool's layout.
    #[error("{path} is a migration of another tool's layout", path = visible_path(path))]
    LooseSql {
        /// The file.
        path: PathBuf,
    },
    /// A file whose bytes are not text.
    #[error("{path}: {problem}", path = visible_path(path))]
    Text {
        /// The file.
        path: PathBuf,
        /// Why, with the byte offset.
        problem: TextError,
    },
    /// A symlink out of the folder, a FIFO, a device, a folder in a file's place.
    #[error("{path} is {what}", path = visible_path(path))]
    NotRegular {
        /// The path.
        path: PathBuf,
        /// `a symlink that leaves the migrations folder`, `not a regular file`, …
        what: &'static str,
    },
    /// Two names that some file system would take for one.
    #[error("{} and {} differ only in {how}", visible(first), visible(second))]
    Alike {
        /// The first id.
        first: String,
        /// The second id.
        second: String,
        /// `case` or `Unicode form`.
        how: &'static str,
    },
}

/// Why a lock file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// There is none.
    #[error("{path} does not exist", path = visible_path(path))]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It cannot be read or written.
    #[error("{path}: {source}", path = visible_path(path))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Git's conflict markers are in it.
    #[error("line {line}: the lock file has conflict markers")]
    Conflict {
        /// The first marker's line, from 1.
        line: u32,
    },
    /// A version or a word of a later version of the tool.
    #[error("line {line}: {word} needs a later version of xtask-db")]
    Newer {
        /// The line, from 1.
        line: u32,
        /// The unknown word, e.g. `version 2`.
        word: String,
    },
    /// Anything else that is not a lock file.
    #[error("line {line}: {problem}")]
    Syntax {
        /// The line, from 1.
        line: u32,
        /// What is wrong.
        problem: String,
    },
    /// Two sides of a conflict that no union of lines settles.
    #[error("{what} is one thing on line {first} and another on line {second}")]
    Disagree {
        /// An id, `provider` or `table`.
        what: String,
        /// The first line, from 1.
        first: u32,
        /// The second line, from 1.
        second: u32,
    },
    /// An id twice.
    #[error("line {line}: {id} is listed twice")]
    Twice {
        /// The line, from 1.
        line: u32,
        /// The id.
        id: MigrationId,
    },
}

/// Text from outside, with what a terminal would obey instead of show written out.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

fn visible_path(path: &Path) -> String {
    visible(&path.display().to_string())
}
