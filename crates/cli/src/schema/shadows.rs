//! The shadows of a command, from its configuration.

use std::fs;
use std::time::UNIX_EPOCH;

use xtask_db_engine::{CatalogCache, DbUrl, Error, Event, Observer, Read, ShadowOptions, Shadows};
use xtask_db_history::{History, LockFile, Migration, canonical};

use super::Declared;
use crate::context::{Context, VERSION};
use crate::fault::Fault;
use crate::progress::Progress;
use crate::shadow::on_shadow;

impl Context {
    /// Shadows of the configured database.
    pub(crate) fn shadows(&self, lock: &LockFile) -> Result<Shadows, Fault> {
        let main = self.url(lock.provider)?.value;
        self.shadows_of(main, &lock.table)
    }

    /// The same, with nothing kept from earlier runs: every migration is run.
    pub(crate) fn shadows_without_cache(&self, lock: &LockFile) -> Result<Shadows, Fault> {
        let main = self.url(lock.provider)?.value;
        let scope = self.project()?.scope();
        Ok(Shadows::new(main, lock.table.clone(), self.shadow_options()?, scope, None))
    }

    /// Shadows of a database, with the project's settings.
    pub(crate) fn shadows_of(&self, main: DbUrl, table: &str) -> Result<Shadows, Fault> {
        let project = self.project()?;
        let options = self.shadow_options()?;
        let cache = project
            .target
            .as_ref()
            .map(|target| CatalogCache { folder: target.join("xtask-db"), tool: build() });
        Ok(Shadows::new(main, table.to_owned(), options, project.scope(), cache))
    }

    /// How a shadow is made.
    pub(crate) fn shadow_options(&self) -> Result<ShadowOptions, Fault> {
        let project = self.project()?;
        let init = match project.text("shadow-init") {
            None => None,
            Some(setting) => {
                let path = project.root.join(setting.value);
                let io = |source| Fault::Io { path: path.clone(), source };
                let bytes = fs::read(&path).map_err(io)?;
                let text = canonical(&bytes).map_err(|problem| {
                    io(std::io::Error::new(std::io::ErrorKind::InvalidData, problem))
                })?;
                Some((self.shown(&path).display().to_string(), text.into_owned()))
            }
        };
        Ok(ShadowOptions { session: self.session()?, url: project.shadow_url()?, init })
    }

    /// The catalog after these migrations of a history. `lock` is the lock file on disk, which
    /// says what is fixed.
    pub(crate) async fn catalog_of(
        &self,
        shadows: &mut Shadows,
        (history, lock): (&History, &LockFile),
        migrations: &[Migration],
    ) -> Result<Read, Fault> {
        let mut progress = Quieter(self.progress().on_shadow());
        let read = shadows.history(migrations, &mut progress).await;
        read.map_err(|error| on_shadow(error, history, lock))
    }

    /// The catalog that a declared schema makes.
    pub(crate) async fn catalog_of_schema(
        &self,
        shadows: &mut Shadows,
        declared: &Declared,
    ) -> Result<Read, Fault> {
        let mut progress = Quieter(self.progress().on_shadow());
        match shadows.schema(&declared.files, &mut progress).await {
            Err(Error::Failed(failure)) if failure.id.is_none() && of(declared, &failure.path) => {
                Err(Fault::SchemaFails(failure))
            }
            done => Ok(done?),
        }
    }
}

/// The failure is in a file of the schema, not in shadow-init.
fn of(declared: &Declared, path: &str) -> bool {
    declared.files.iter().any(|file| file.path == path)
}

/// The version of the tool and the build of it that is running: another one may read a catalog in
/// another way.
fn build() -> String {
    let about = std::env::current_exe().and_then(fs::metadata);
    let modified = about.as_ref().ok().and_then(|about| about.modified().ok());
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let length = about.map_or(0, |about| about.len());
    format!("{VERSION} {length} {}", since.map_or(0, |since| since.as_nanos()))
}

/// Shows what is tried while it is, and leaves no line per migration.
pub(crate) struct Quieter(pub(crate) Progress);

impl Observer for Quieter {
    fn on(&mut self, event: Event<'_>) {
        match event {
            Event::Finished(_) | Event::Failed(_) => {}
            event => self.0.on(event),
        }
    }
}
