//! Replays a history on a throwaway database.
//!
//! Invariant: nothing runs on a shadow before it is proved to be one, and a throwaway one is
//! dropped on every way out.

mod given;
mod replay;
mod same;
mod throwaway;

use xtask_db_history::History;
use xtask_db_sql::Dialect;

use crate::{DbUrl, Error, Event, Observer, Session, SessionOptions};
use given::Given;
use throwaway::Throwaway;

/// How the shadow is made.
#[derive(Debug, Clone, Default)]
pub struct ShadowOptions {
    /// The session's.
    pub session: SessionOptions,
    /// A database to use instead of a throwaway one; emptied before and after. SQLite: its file
    /// is not used, since memory is at hand.
    pub url: Option<DbUrl>,
    /// SQL run before the history: roles, extensions. Path and text.
    pub init: Option<(String, String)>,
}

/// Replays the migrations of a history on a shadow of `main`. Returns the statements that reach
/// outside the database and were not run, as `id: statement`.
///
/// # Errors
/// `Error::Failed` where a migration does not run; `Error::ShadowIsMain`; `Error::Id` when the
/// database of `options.url` holds what no shadow left there. The shadow is gone in every case.
pub async fn replay(
    main: &DbUrl,
    history: &History,
    options: &ShadowOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    for url in std::iter::once(main).chain(&options.url) {
        if url.dialect() != history.dialect() {
            return Err(Error::Provider { lock: history.dialect(), url: url.dialect() });
        }
    }
    if let Some(url) = &options.url
        && same::same_database(main, url, options.session.connect_timeout).await?
    {
        return Err(Error::ShadowIsMain);
    }
    match &options.url {
        _ if history.dialect() == Dialect::Sqlite => {
            let mut session =
                Session::open(DbUrl::memory(), &history.lock.table, &options.session).await?;
            let done = replay::run(&mut session, main, history, options, observer).await;
            session.close().await;
            done
        }
        Some(url) => {
            let mut given = Given::take(url, history, options).await?;
            let done = replay::run(given.session(), main, history, options, observer).await;
            let left = given.leave().await;
            told(done, left, "emptied", observer)
        }
        None => {
            let shadow = Throwaway::create(main, &options.session).await?;
            let done = on_throwaway(&shadow, main, history, options, observer).await;
            let dropped = shadow.drop().await;
            told(done, dropped, "dropped", observer)
        }
    }
}

async fn on_throwaway(
    shadow: &Throwaway,
    main: &DbUrl,
    history: &History,
    options: &ShadowOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    let mut session = shadow.open(&history.lock.table, &options.session).await?;
    let done = replay::run(&mut session, main, history, options, observer).await;
    session.close().await;
    done
}

/// A shadow that is left behind is told, but is no reason to hide what the replay found.
fn told<T>(
    done: Result<T, Error>,
    left: Result<(), Error>,
    what: &str,
    observer: &mut dyn Observer,
) -> Result<T, Error> {
    if let Err(error) = left {
        let notice = format!("the shadow database could not be {what}: {error}");
        observer.on(Event::Notice(&notice));
    }
    done
}
