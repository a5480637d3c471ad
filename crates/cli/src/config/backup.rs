//! The keys of backups.

use std::path::PathBuf;
use std::time::Duration;

use xtask_db_engine::DbUrl;

use super::Project;
use super::project::{choice, duration};
use crate::fault::{ConfigFault, Fault};

/// When a backup is made before a deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backup {
    Never,
    Offered,
    Required,
}

impl Project {
    /// When a backup is made before a deploy; none: nobody said.
    pub(crate) fn backup(&self) -> Result<Option<Backup>, ConfigFault> {
        let Some(setting) = self.text("backup") else { return Ok(None) };
        match setting.value.as_str() {
            "never" => Ok(Some(Backup::Never)),
            "offered" => Ok(Some(Backup::Offered)),
            "required" => Ok(Some(Backup::Required)),
            _ => Err(choice("backup", &setting, "never, offered or required")),
        }
    }

    /// The folder of the backups.
    pub(crate) fn backups(&self) -> PathBuf {
        self.path("backups", "backups")
    }

    /// How many backups of a database are kept.
    pub(crate) fn backup_keep(&self) -> Result<Option<usize>, ConfigFault> {
        let Some(setting) = self.shown("backup-keep") else { return Ok(None) };
        match setting.value.parse() {
            Ok(count) if count > 0 => Ok(Some(count)),
            _ => Err(choice("backup-keep", &setting, "a number from 1")),
        }
    }

    /// How old a backup may be that is accepted in place of a new one.
    pub(crate) fn backup_max_age(&self) -> Result<Option<Duration>, ConfigFault> {
        let Some(setting) = self.text("backup-max-age") else { return Ok(None) };
        match duration(&setting.value) {
            Some(age) => Ok(Some(age)),
            None => Err(choice("backup-max-age", &setting, "such as 30m or 1h")),
        }
    }

    /// The database past a pooler.
    pub(crate) fn backup_url(&self) -> Result<Option<DbUrl>, Fault> {
        let Some(raw) = self.text("backup-url") else { return Ok(None) };
        let dotenv = self.environment.is_none();
        let (text, origin) = self.variables.expand(&raw.value, &raw.origin, dotenv)?;
        let url = DbUrl::parse(&text, &self.root)
            .map_err(|problem| ConfigFault::Url { origin: origin.to_string(), problem })?;
        Ok(Some(url))
    }
}
