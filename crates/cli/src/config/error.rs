//! What is wrong with the configuration.

use std::path::PathBuf;

use xtask_db_engine::UrlError;

use super::Origin;

/// A place in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) path: PathBuf,
    /// From 1; none when the file was read without places.
    pub(crate) line: Option<u32>,
}

/// What is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("there is no Cargo.toml in {start} or above it, and no migrations folder here", start = start.display())]
    NoProject { start: PathBuf },
    #[error("{key} is not a configuration key")]
    UnknownKey { key: String, table: String, nearest: Option<&'static str>, at: At },
    #[error("{key} must be {wanted}")]
    BadValue { key: String, wanted: String, origin: Origin, at: Option<At> },
    #[error("{problem}", problem = problem.lines().last().unwrap_or_default())]
    Toml { at: At, problem: String },
    #[error("{path}: {problem}", path = path.display())]
    Unreadable { path: PathBuf, problem: String },
    #[error("{path}: {problem}", path = path.display())]
    DotEnv { path: PathBuf, problem: String },
    #[error("no database URL is configured")]
    NoUrl { provider: Option<String> },
    #[error("the environment {environment} has no database URL")]
    NoUrlFor { environment: String },
    #[error("the variable {name} is not set")]
    Unset { name: String, named_by: Origin },
    #[error("{error}")]
    Url { error: UrlError, origin: Origin },
    #[error("there is no environment {name}")]
    UnknownEnvironment { name: String, known: Vec<String> },
    #[error("{name} is not a package of this workspace")]
    UnknownPackage { name: String, known: Vec<String> },
    #[error("several packages have a database of their own")]
    SeveralPackages { known: Vec<String> },
    #[error("cargo cannot describe the workspace: {problem}")]
    Cargo { problem: String },
}
