//! What can go wrong with a backup.

use std::path::PathBuf;

/// What can go wrong with a backup.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupFault {
    #[error("{} is not there", tools.join(" or "))]
    Missing { tools: Vec<&'static str>, folder: Option<PathBuf> },
    #[error("{tool} does not fit the server {server}: {why}")]
    Unfit { tool: String, server: String, why: &'static str },
    /// A program that ended badly; its last lines.
    #[error("{tool} failed ({status})")]
    Tool { tool: String, status: String, said: Vec<String> },
    /// The same where it loads a backup into a database.
    #[error("{tool} could not restore {file} ({status})")]
    Load { tool: String, file: String, status: String, said: Vec<String> },
    #[error("the backup cannot be brought back: {problem}")]
    Unverified { problem: String },
    #[error("{what}")]
    NoBackup { what: String },
    #[error("{}: {problem}", path.display())]
    Altered { path: PathBuf, problem: String },
    #[error("{database} is not empty: {count} objects")]
    NotEmpty { database: String, count: usize, some: Vec<String> },
    #[error("the URL leads to a pooler, through which a dump cannot be made")]
    Pooler,
    #[error("the backup command failed: {command} ({status})")]
    Command { command: String, status: String },
}
