//! How backups are made, from the configuration.

use std::path::PathBuf;
use std::time::Duration;

use xtask_db_engine::DbUrl;

use crate::config::Project;
use crate::fault::Fault;

/// How backups are made.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) folder: PathBuf,
    /// How many of a database are kept; none: all.
    pub(crate) keep: Option<usize>,
    /// How old one may be that is accepted in place of a new one.
    pub(crate) max_age: Option<Duration>,
    /// What makes them in place of the server's program.
    pub(crate) command: Option<String>,
    /// Where the servers' programs are; none: `PATH`.
    pub(crate) tools: Option<PathBuf>,
    /// The same database past a pooler.
    pub(crate) url: Option<DbUrl>,
}

impl Settings {
    pub(crate) fn of(project: &Project) -> Result<Self, Fault> {
        Ok(Self {
            folder: project.backups(),
            keep: project.backup_keep()?,
            max_age: project.backup_max_age()?,
            command: project.text("backup-command").map(|setting| setting.value),
            tools: project.text("backup-tools").map(|setting| project.root.join(setting.value)),
            url: project.backup_url()?,
        })
    }
}
