//! Throwaway databases: opened empty, given SQL, read, and always released.
//!
//! Invariant: nothing runs on a shadow before it is proved to be one, and a throwaway one is
//! dropped on every way out.

mod cache;
mod given;
mod inside;
mod queries;
mod replay;
mod same;
mod shadows;
mod throwaway;

use xtask_db_history::{History, Migration, SqlFile};
use xtask_db_schema::Catalog;
use xtask_db_sql::Dialect;

use crate::{DbUrl, Error, Event, Observer, Scope, Session, SessionOptions, introspect};
pub use cache::CatalogCache;
use given::Given;
pub use queries::{Holding, Prepared, PreparedColumn};
pub use same::same_database;
pub use shadows::{Read, Shadows};
pub(crate) use throwaway::Throwaway;

/// How the shadow is made.
#[derive(Debug, Clone, Default)]
pub struct ShadowOptions {
    /// The session's.
    pub session: SessionOptions,
    /// A database to use instead of a throwaway one; emptied before and after. SQLite: its file
    /// is not used, since memory is at hand.
    pub url: Option<DbUrl>,
    /// SQL run before anything else: roles, extensions. Path and text.
    pub init: Option<(String, String)>,
}

/// A throwaway database. [`Shadow::release`] is its only end.
pub struct Shadow {
    session: Session,
    place: Place,
    /// The main database's name, which MySQL text may reach.
    main: String,
    /// How another session on it is opened.
    table: String,
    options: SessionOptions,
}

/// What the shadow is on, and so how it ends.
enum Place {
    Memory,
    Given(Given),
    Throwaway(Throwaway),
}

impl Shadow {
    /// An empty one for `main`, the initial script run on it. `table` is the ledger's name, which
    /// is never there.
    ///
    /// # Errors
    /// `Error::ShadowIsMain`; `Error::Id` when the database of `options.url` holds what no shadow
    /// left there; `Error::Failed` of the initial script.
    pub async fn open(
        main: &DbUrl,
        table: &str,
        options: &ShadowOptions,
        observer: &mut dyn Observer,
    ) -> Result<Self, Error> {
        let mut shadow = Self::empty(main, table, options).await?;
        if let Some((path, text)) = &options.init
            && let Err(error) = crate::run_script(&mut shadow.session, path, text, observer).await
        {
            shadow.release(observer).await;
            return Err(error);
        }
        Ok(shadow)
    }

    async fn empty(main: &DbUrl, table: &str, options: &ShadowOptions) -> Result<Self, Error> {
        let dialect = main.dialect();
        if let Some(url) = &options.url {
            if url.dialect() != dialect {
                return Err(Error::Provider { lock: dialect, url: url.dialect() });
            }
            if same::same_database_within(main, url, options.session.connect_timeout).await? {
                return Err(Error::ShadowIsMain);
            }
        }
        let (session, place) = match &options.url {
            _ if dialect == Dialect::Sqlite => {
                let session = Session::open(DbUrl::memory(), table, &options.session).await?;
                (session, Place::Memory)
            }
            Some(url) => {
                let (session, given) = Given::take(url, table, options).await?;
                (session, Place::Given(given))
            }
            None => {
                let shadow = Throwaway::create(main, &options.session).await?;
                match shadow.open(table, &options.session).await {
                    Ok(session) => (session, Place::Throwaway(shadow)),
                    Err(error) => {
                        // The error that is told is the first one; a later run sweeps it.
                        let _ = shadow.drop().await;
                        return Err(error);
                    }
                }
            }
        };
        let (table, session_options) = (table.to_owned(), options.session.clone());
        Ok(Self { session, place, main: main.database(), table, options: session_options })
    }

    /// Runs migrations in order. `numbers` says which the first one is, from 1, and of how many.
    /// Returns the statements that reach outside the database and were not run, as
    /// `id: statement`.
    ///
    /// # Errors
    /// `Error::Failed` where a migration does not run.
    pub async fn replay(
        &mut self,
        migrations: &[Migration],
        numbers: (usize, usize),
        observer: &mut dyn Observer,
    ) -> Result<Vec<String>, Error> {
        replay::run(&mut self.session, &self.main, migrations, numbers, observer).await
    }

    /// Runs a file that is no migration. Returns the statements that reach outside the database
    /// and were not run, as `path: statement`.
    ///
    /// # Errors
    /// `Error::Failed` or `Error::Split`, with the place in the file.
    pub async fn run(
        &mut self,
        file: &SqlFile,
        observer: &mut dyn Observer,
    ) -> Result<Vec<String>, Error> {
        replay::file(&mut self.session, &self.main, file, observer).await
    }

    /// Reads what is on it.
    ///
    /// # Errors
    /// The catalog cannot be read.
    pub async fn catalog(&mut self, scope: &Scope) -> Result<Catalog, Error> {
        introspect(&mut self.session, scope).await
    }

    pub(crate) const fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Ends it. A shadow that is left behind is told, but is no reason to hide what was found.
    pub async fn release(self, observer: &mut dyn Observer) {
        let Self { session, place, .. } = self;
        let (left, what) = match place {
            Place::Memory => {
                session.close().await;
                return;
            }
            Place::Given(given) => (given.leave(session).await, "emptied"),
            Place::Throwaway(shadow) => {
                session.close().await;
                (shadow.drop().await, "dropped")
            }
        };
        if let Err(error) = left {
            let notice = format!("the shadow database could not be {what}: {error}");
            observer.on(Event::Notice(&notice));
        }
    }
}

/// Replays the migrations of a history on a shadow of `main`. Returns the statements that reach
/// outside the database and were not run, as `id: statement`.
///
/// # Errors
/// See [`Shadow::open`] and [`Shadow::replay`]. The shadow is gone in every case.
pub async fn replay(
    main: &DbUrl,
    history: &History,
    options: &ShadowOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    if main.dialect() != history.dialect() {
        return Err(Error::Provider { lock: history.dialect(), url: main.dialect() });
    }
    let mut shadow = Shadow::open(main, &history.lock.table, options, observer).await?;
    let numbers = (1, history.migrations.len());
    let done = shadow.replay(&history.migrations, numbers, observer).await;
    shadow.release(observer).await;
    done
}
