//! Brings a backup back: into an empty database, or in the place of one.
//!
//! Invariant: until the restore is done the old database is whole and in its place; on MySQL,
//! where that cannot be, it is backed up first, and a half restored one says that it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use xtask_db_engine::{
    DbUrl, Session, SessionOptions, Spare, begin_restore, check_file, create,
    drop as drop_database, end_restore, keep_out, kept_name, kept_path, put_file,
};

use super::settings::Settings;
use super::{BackupFault, Chosen, Form, Load, files, load};
use crate::context::Context;
use crate::fault::Fault;
use crate::progress::Progress;

/// How long a deploy that is at work is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(60);

/// What is restored, and where.
pub(crate) struct Restore<'a> {
    pub(crate) to: &'a DbUrl,
    pub(crate) chosen: &'a Chosen,
    pub(crate) settings: &'a Settings,
    pub(crate) options: SessionOptions,
    /// The ledger's name.
    pub(crate) table: String,
    pub(crate) no_owner: bool,
    /// Now, as a part of a name.
    pub(crate) time: String,
    pub(crate) progress: Progress,
}

/// Where the old database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Old {
    /// There was nothing.
    None,
    /// Under another name on the server.
    Database(String),
    /// Beside the new file.
    File(PathBuf),
    /// Only in its backup.
    Gone,
}

impl Restore<'_> {
    /// Restores. `replace`: the database is not empty.
    pub(crate) async fn run(&mut self, replace: bool) -> Result<Old, Fault> {
        match (self.chosen.form, replace) {
            (Form::Sqlite, _) => self.file().await,
            (Form::PgDump, true) => self.exchange().await,
            (Form::PgDump, false) => {
                self.fill_empty().await?;
                Ok(Old::None)
            }
            (Form::Sql, true) => {
                self.try_out().await?;
                drop_database(self.to, &self.options).await?;
                create(self.to, &self.options).await?;
                self.fill_empty().await?;
                Ok(Old::Gone)
            }
            (Form::Sql, false) => {
                self.fill_empty().await?;
                Ok(Old::None)
            }
            (Form::Command, _) => Err(Fault::Internal("a snapshot has no file".to_owned())),
        }
    }

    /// Into a database that has nothing, while deployers are kept out.
    async fn fill_empty(&mut self) -> Result<(), Fault> {
        let mut session = Session::open(self.to, &self.table, &self.options).await?;
        let done = async {
            keep_out(&mut session, LOCK_WAIT).await?;
            begin_restore(&mut session, &self.chosen.name()).await?;
            self.load(self.to).await?;
            end_restore(&mut session).await?;
            Ok(())
        }
        .await;
        session.close().await;
        done
    }

    /// Whether it can be loaded at all is found out before anything is dropped.
    async fn try_out(&mut self) -> Result<(), Fault> {
        self.progress.begin("trying the backup on a throwaway database");
        let spare = Spare::create(self.to, &self.options).await?;
        let tried = self.load(spare.url()).await;
        spare.release(&mut self.progress).await;
        tried
    }

    /// PostgreSQL: restored beside the old one, which then gives its name away.
    async fn exchange(&mut self) -> Result<Old, Fault> {
        let spare = Spare::create(self.to, &self.options).await?;
        if let Err(fault) = self.load(spare.url()).await {
            spare.release(&mut self.progress).await;
            return Err(fault);
        }
        let kept = kept_name(&self.to.database(), &self.time);
        spare.take_place(&kept, &mut self.progress).await?;
        Ok(Old::Database(kept))
    }

    async fn load(&mut self, to: &DbUrl) -> Result<(), Fault> {
        self.progress.begin(&format!("restoring {}", self.chosen.name()));
        let Chosen { path, form, .. } = self.chosen;
        let what = Load { file: path, form: *form, no_owner: self.no_owner };
        load(to, what, self.settings, &mut || {}).await
    }

    /// SQLite: a copy beside the old file, checked, then in its place.
    async fn file(&mut self) -> Result<Old, Fault> {
        let Some(target) = self.to.file_path().map(Path::to_owned) else {
            let what = "a database in memory cannot be restored to".to_owned();
            return Err(BackupFault::NoBackup { what }.into());
        };
        let copy = beside(&target);
        let done = self.put(&target, &copy).await;
        // It has another name when it is in its place.
        let _ = std::fs::remove_file(&copy);
        done
    }

    async fn put(&mut self, target: &Path, copy: &Path) -> Result<Old, Fault> {
        let io = |source| Fault::Io { path: copy.to_owned(), source };
        let copied = files::copy(&self.chosen.path, copy).map_err(io)?;
        if self.chosen.record.as_ref().is_some_and(|record| record.sha256 != copied) {
            let problem = "it changed while it was copied".to_owned();
            return Err(BackupFault::Altered { path: self.chosen.path.clone(), problem }.into());
        }
        let found = check_file(copy).await?;
        if !found.is_empty() {
            return Err(BackupFault::Unverified { problem: found.join("; ") }.into());
        }
        let there = target.exists();
        if let Ok(about) = std::fs::metadata(target) {
            std::fs::set_permissions(copy, about.permissions()).map_err(io)?;
        }
        let kept = kept_path(target, &self.time);
        put_file(self.to, copy, &kept).await?;
        Ok(if there { Old::File(kept) } else { Old::None })
    }
}

/// What a restore needs of the command.
pub(crate) fn restore<'a>(
    context: &Context,
    to: &'a DbUrl,
    chosen: &'a Chosen,
    settings: &'a Settings,
    no_owner: bool,
) -> Result<Restore<'a>, Fault> {
    Ok(Restore {
        to,
        chosen,
        settings,
        options: context.session()?,
        table: context.ledger()?,
        no_owner,
        time: context.now().strftime("%Y%m%d%H%M%S").to_string(),
        progress: context.progress(),
    })
}

/// The name of a copy that is not in its place yet.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".restoring-{}", std::process::id()));
    name.into()
}
