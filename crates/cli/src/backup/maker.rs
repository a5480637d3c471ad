//! Makes a backup: written, sealed, checked, recorded, published; then old ones go.
//!
//! Invariant: an error at any step leaves no backup under a final name, and stops the caller.

use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use xtask_db_engine::{Event, Ledger, Observer as _, Precaution, Precaved, Scope};

use super::dump::{self, Source};
use super::record::{Checked, VERSION};
use super::settings::Settings;
use super::store::Partial;
use super::{BackupFault, Form, Record, Store, files, full, verify};
use crate::context;
use crate::counted::moved;
use crate::external::External;
use crate::fault::Fault;
use crate::progress::Progress;

/// What a backup is made before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Backup,
    Deploy,
    Down,
    Restore,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Deploy => "deploy",
            Self::Down => "down",
            Self::Restore => "restore",
        }
    }
}

/// How a backup is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Verify {
    /// Read to its end
    #[default]
    Read,
    /// Restored to a throwaway database, and compared: schema and row counts
    Full,
}

/// Makes one backup.
pub(crate) struct Maker {
    pub(super) source: Source,
    /// The database as it is recorded: past a pooler it has another URL.
    pub(super) host: String,
    pub(super) scope: Scope,
    pub(super) settings: Settings,
    /// The configured command.
    pub(super) external: Option<External>,
    pub(super) purpose: Purpose,
    pub(super) verify: Verify,
    pub(super) progress: Progress,
    pub(super) now: Timestamp,
    /// One that is accepted in place of a new one.
    pub(super) fresh: Option<(PathBuf, Record)>,
    /// What was made.
    pub(crate) made: Option<(PathBuf, Record)>,
    /// Why none was.
    pub(crate) fault: Option<Fault>,
}

impl Precaution for Maker {
    fn take<'a>(&'a mut self, seen: &'a Ledger) -> Precaved<'a> {
        Box::pin(async move {
            if let Some((path, record)) = self.fresh.take() {
                self.say(&format!("backup {} is accepted: it is fresh", path.display()));
                self.made = Some((path, record));
                return Ok(None);
            }
            match self.make(seen).await {
                Ok((path, record)) => {
                    let note = record.sha256.clone();
                    self.made = Some((path, record));
                    Ok(Some(note))
                }
                Err(fault) => {
                    let why = fault.to_string();
                    self.fault = Some(fault);
                    Err(why)
                }
            }
        })
    }
}

impl Maker {
    /// The fault behind what the engine was told.
    pub(crate) fn explain(&mut self, error: xtask_db_engine::Error) -> Fault {
        match error {
            xtask_db_engine::Error::Precaution { .. } => {
                self.fault.take().unwrap_or(Fault::Engine(error))
            }
            error => error.into(),
        }
    }

    async fn make(&mut self, seen: &Ledger) -> Result<(PathBuf, Record), Fault> {
        let form = match self.external {
            Some(_) => Form::Command,
            None => Form::of(self.source.url.dialect()),
        };
        let store = Store { folder: self.settings.folder.clone() };
        let started = Instant::now();
        let partial = store
            .begin(&self.source.url.database(), form, self.now)
            .map_err(|source| Fault::Io { path: store.folder.clone(), source })?;
        self.progress.begin(&format!("backup of {}", self.source.url.database()));
        let before = self.holding(form).await?;
        let (tool, said) = self.write(&partial, form, started).await?;
        let wrote = started.elapsed();
        let checked = self.check(&partial, form, before).await?;
        // Hashed last: what is recorded is what was checked.
        let (sha256, size_bytes) = sealed(&partial)?;
        let mut record = self.record(seen, form, checked);
        record.tool = tool;
        record.said = said;
        record.size_bytes = size_bytes;
        record.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        // Nothing was written here: the record itself tells one from another.
        record.sha256 = if size_bytes == 0 { files::hash_text(&record.text()) } else { sha256 };
        let target = partial.target().to_owned();
        let path = partial.publish(&record).map_err(|source| Fault::Io { path: target, source })?;
        self.say(&format!("backup {} ({}, {checked})", path.display(), moved(size_bytes, wrote)));
        self.remove_old(&store, &record);
        Ok((path, record))
    }

    /// Writes the file. Returns what wrote it and what a command said.
    async fn write(
        &mut self,
        partial: &Partial,
        form: Form,
        started: Instant,
    ) -> Result<(String, Option<String>), Fault> {
        if let Some(external) = &self.external {
            let failed =
                |status| BackupFault::Command { command: external.command.clone(), status };
            let said = external.answer(partial.path()).await.map_err(failed)?;
            let said = said.lines().last().map(|line| self.source.url.redact(line.trim()));
            return Ok((external.command.clone(), said.filter(|line| !line.is_empty())));
        }
        let Self { source, settings, progress, .. } = self;
        let mut notices = Vec::new();
        let mut tick = || progress.carried(partial.size(), started.elapsed());
        let mut notice = |text: &str| notices.push(text.to_owned());
        let tool = dump::dump(source, settings, partial, &mut notice, &mut tick).await?;
        notices.iter().for_each(|notice| self.say(notice));
        if partial.size() == 0 && form != Form::Sqlite {
            let problem = format!("{tool} wrote nothing");
            return Err(BackupFault::Unverified { problem }.into());
        }
        Ok((tool, None))
    }

    /// What the database holds, when that is compared later.
    async fn holding(&self, form: Form) -> Result<Option<full::Holding>, Fault> {
        if self.verify == Verify::Read || form == Form::Command {
            return Ok(None);
        }
        let Source { url, table, session, .. } = &self.source;
        full::holding(url, table, session, &self.scope).await.map(Some)
    }

    async fn check(
        &mut self,
        partial: &Partial,
        form: Form,
        before: Option<full::Holding>,
    ) -> Result<Checked, Fault> {
        if form == Form::Command {
            return Ok(Checked::No);
        }
        self.progress.begin("checking the backup");
        let file = partial.path();
        let url = &self.source.url;
        verify::read(file, form, url, &self.settings, &mut || {}).await?;
        let Some(before) = before else { return Ok(Checked::Read) };
        self.progress.begin("restoring the backup to a throwaway database");
        let after = self.holding(form).await?.unwrap_or_else(|| before.clone());
        let Self { source, scope, settings, progress, .. } = self;
        let what = (file, form);
        let restored = full::restored(source, what, scope, settings, progress, &mut || {}).await?;
        let busy = full::compare(&before, &after, &restored)?;
        if !busy.is_empty() {
            let busy = busy.join(", ");
            self.say(&format!("written to meanwhile, so their rows were not compared: {busy}"));
        }
        Ok(Checked::Restored)
    }

    fn record(&self, seen: &Ledger, form: Form, checked: Checked) -> Record {
        let rows = seen.rows.iter();
        let applied: Vec<&str> = rows
            .filter(|row| row.finished_at.is_some() && row.rolled_back_at.is_none())
            .map(|row| row.name.as_str())
            .collect();
        let Source { url, server, .. } = &self.source;
        Record {
            version: VERSION,
            form,
            time: self.now,
            provider: url.dialect().provider().to_owned(),
            host: self.host.clone(),
            database: url.database(),
            environment: seen.environment().map(str::to_owned),
            server: format!("{} {}", server.name, server.version),
            last_migration: applied.last().map(|&name| name.to_owned()),
            applied: applied.len(),
            tool: String::new(),
            made_by: context::VERSION.to_owned(),
            purpose: self.purpose.word().to_owned(),
            checked,
            size_bytes: 0,
            sha256: String::new(),
            took_ms: 0,
            said: None,
        }
    }

    /// Old backups that stay cost space, not data: that is told, and no reason to stop.
    fn remove_old(&mut self, store: &Store, newest: &Record) {
        let Some(keep) = self.settings.keep else { return };
        match store.keep(keep, newest) {
            Ok(removed) => {
                for path in removed {
                    self.say(&format!("removed the old backup {}", path.display()));
                }
            }
            Err(error) => self.say(&format!("old backups could not be removed: {error}")),
        }
    }

    fn say(&mut self, line: &str) {
        self.progress.on(Event::Notice(line));
    }
}

fn sealed(partial: &Partial) -> Result<(String, u64), Fault> {
    partial.seal().map_err(|source| Fault::Io { path: partial.path().to_owned(), source })
}
