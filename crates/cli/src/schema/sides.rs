//! The two sides of a comparison, read from what the command line names.

use std::path::PathBuf;

use xtask_db_engine::{DbUrl, Error, Read, Session, Shadow, Shadows, introspect};
use xtask_db_history::{History, LockError, LockFile, read_folder};
use xtask_db_schema::Catalog;
use xtask_db_sql::Dialect;

use super::{Declared, Source};
use crate::context::Context;
use crate::fault::Fault;
use crate::new_lock;

/// One side, read.
pub(crate) struct Side {
    pub(crate) source: Source,
    pub(crate) read: Read,
    /// The migrations, where it is a history.
    history: Option<History>,
    /// The declared schema, where it is one.
    pub(crate) declared: Option<Declared>,
}

/// Where it is, found before anything is connected to.
enum Place {
    Empty,
    Schema(Declared),
    History(Box<History>),
    Database(DbUrl),
}

/// Reads both sides, and gives back the shadows that were used.
pub(crate) async fn sides(
    context: &Context,
    from: Source,
    to: Source,
) -> Result<(Side, Side, Shadows), Fault> {
    let places = [place(context, &from)?, place(context, &to)?];
    let dialect = dialect(context, &places)?;
    let table = context.ledger()?;
    let main = context.url(dialect)?.value;
    let mut shadows = context.shadows_of(main, &table)?;
    let [one, other] = places;
    let read = async {
        let from = read(context, &mut shadows, from, one).await?;
        let to = read(context, &mut shadows, to, other).await?;
        Ok::<_, Fault>((from, to))
    }
    .await;
    match read {
        Ok((from, to)) => Ok((from, to, shadows)),
        Err(fault) => {
            shadows.release(&mut context.progress()).await;
            Err(fault)
        }
    }
}

fn place(context: &Context, source: &Source) -> Result<Place, Fault> {
    let project = context.project()?;
    let here = |path: &PathBuf| context.folder.join(path);
    Ok(match source {
        Source::Empty => Place::Empty,
        Source::Schema(None) => Place::Schema(Declared::read(context, &project.schema().0)?),
        Source::Schema(Some(path)) => Place::Schema(Declared::read(context, &here(path))?),
        Source::Migrations(None) => Place::History(Box::new(context.history()?)),
        Source::Migrations(Some(path)) => Place::History(Box::new(history(context, &here(path))?)),
        Source::Url(url) => {
            let url = DbUrl::parse(url, &context.folder).map_err(Error::from)?;
            Place::Database(url)
        }
        Source::Env(name) => Place::Database(context.environment(name)?.url(None)?.value),
        Source::Database => Place::Database(context.database()?.value),
    })
}

/// A folder of migrations; a lock file beside it says what it is for.
fn history(context: &Context, dir: &std::path::Path) -> Result<History, Fault> {
    let shown = context.shown(dir);
    if !dir.is_dir() {
        return Err(Fault::NoFolder { path: shown });
    }
    let migrations = read_folder(&shown).map_err(Fault::Folder)?;
    let lock = match LockFile::read(dir) {
        Ok(lock) => lock,
        Err(LockError::Missing { .. }) => {
            LockFile::new(new_lock::provider(context)?, &context.project()?.history_table())
        }
        Err(problem) => return Err(Fault::Lock { path: shown, problem }),
    };
    Ok(History { migrations, lock })
}

/// The kind of database: what a side is, else what the project is for.
fn dialect(context: &Context, places: &[Place; 2]) -> Result<Dialect, Fault> {
    let known = places.iter().find_map(|place| match place {
        Place::Database(url) => Some(url.dialect()),
        Place::History(history) => Some(history.dialect()),
        Place::Empty | Place::Schema(_) => None,
    });
    if let Some(known) = known {
        return Ok(known);
    }
    match context.project()?.migrations().is_dir() {
        true => Ok(new_lock::read_or_new(context)?.provider),
        false => new_lock::provider(context),
    }
}

async fn read(
    context: &Context,
    shadows: &mut Shadows,
    source: Source,
    place: Place,
) -> Result<Side, Fault> {
    let dialect = shadows.dialect();
    let only = |catalog| Read { catalog, not_run: Vec::new() };
    let side = |read| Side { source, read, history: None, declared: None };
    match place {
        Place::Empty => Ok(side(only(Catalog::empty(dialect)))),
        Place::Schema(declared) => {
            let read = context.catalog_of_schema(shadows, &declared).await?;
            Ok(Side { declared: Some(declared), ..side(read) })
        }
        Place::History(history) => {
            if history.dialect() != dialect {
                let (lock, url) = (history.dialect(), dialect);
                return Err(Error::Provider { lock, url }.into());
            }
            let migrations = &history.migrations;
            let read = context.catalog_of(shadows, (&history, &history.lock), migrations).await?;
            Ok(Side { history: Some(*history), ..side(read) })
        }
        Place::Database(url) => {
            if url.dialect() != dialect {
                return Err(Error::Provider { lock: dialect, url: url.dialect() }.into());
            }
            let table = context.ledger()?;
            let mut session = Session::open(&url, &table, &context.session()?).await?;
            let catalog = introspect(&mut session, shadows.scope()).await;
            session.close().await;
            Ok(side(only(catalog?)))
        }
    }
}

impl Side {
    /// A shadow with this side's catalog on it.
    pub(crate) async fn on_shadow(
        &self,
        context: &Context,
        shadows: &mut Shadows,
    ) -> Result<Shadow, Error> {
        let mut progress = super::Quieter::of(context);
        match &self.history {
            Some(history) => shadows.take(&history.migrations, &mut progress).await,
            None => shadows.holding(&self.read.catalog, &mut progress).await,
        }
    }
}
