//! What is asked of `init`, and why it may not be done.

use std::path::PathBuf;

use xtask_db_sql::Dialect;

/// What is asked of `init`. Paths are relative to the workspace's root and use `/`.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The database family.
    pub(crate) dialect: Dialect,
    /// The migrations folder.
    pub(crate) migrations: String,
    /// The member whose database it is: its name and its folder; none: the workspace's.
    pub(crate) package: Option<(String, String)>,
    /// The ledger table.
    pub(crate) table: String,
    /// The tool's version, for the dependency.
    pub(crate) version: String,
    /// A checkout of the tool to depend on by path, instead of the published crate.
    pub(crate) source: Option<PathBuf>,
}

/// Why nothing was written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// Not TOML, or not of the shape that cargo reads.
    #[error("{path}: {problem}")]
    Toml {
        /// The file.
        path: String,
        /// Why.
        problem: String,
    },
    /// An ignore rule of git covers a file that must be committed.
    #[error("git ignores {path}: {rule}")]
    GitIgnored {
        /// The file.
        path: String,
        /// `file:line:pattern`.
        rule: String,
    },
    /// A rule keeps a file out of images, where the build needs it.
    #[error("{file} line {line} (`{pattern}`) keeps {path} out of images, where it is compiled in")]
    DockerIgnored {
        /// The ignore file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The pattern.
        pattern: String,
        /// The file that is kept out.
        path: String,
    },
    /// The lock file that is there cannot be read.
    #[error("{path}: {problem}")]
    Lock {
        /// The file.
        path: String,
        /// Why.
        problem: String,
    },
    /// The lock file that is there is for another database.
    #[error("{path} is for {found}, and {given} was asked for")]
    Provider {
        /// The file.
        path: String,
        /// The lock file's.
        found: Dialect,
        /// The request's.
        given: Dialect,
    },
    /// A file changed between plan and write.
    #[error("{path} changed while this command ran")]
    Changed {
        /// The file.
        path: String,
    },
    /// A file cannot be read or written.
    #[error("{problem}")]
    Io {
        /// What the system said, with the path.
        problem: String,
    },
}

impl Problem {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Toml { .. } | Self::Lock { .. } => "correct the file, then run init again".into(),
            Self::GitIgnored { path, .. } => format!(
                "migrations and their lock file are committed: remove the rule, or add `!/{path}` \
                 after it"
            ),
            Self::DockerIgnored { path, file, .. } => {
                let folder = path.split('/').next().unwrap_or(path);
                format!("add `!{folder}/**` as the last line of {file}")
            }
            Self::Provider { found, .. } => {
                format!(
                    "run init with --dialect {found}, or choose another folder with --migrations"
                )
            }
            Self::Changed { .. } => "run init again".into(),
            Self::Io { .. } => "make the path writable, then run init again".into(),
        }
    }
}
