//! Replays a history on a throwaway database.

use xtask_db_history::History;

use crate::{DbUrl, Error, Observer, SessionOptions};

/// How the shadow is made.
#[derive(Debug, Clone, Default)]
pub struct ShadowOptions {
    /// The session's.
    pub session: SessionOptions,
    /// A database to use instead of a throwaway one; emptied before and after.
    pub url: Option<DbUrl>,
    /// SQL run before the history: roles, extensions. Path and text.
    pub init: Option<(String, String)>,
}

/// Replays the migrations of a history on a shadow of `main`. Returns the statements that reach
/// outside the database and were not run, as `id: statement`.
///
/// # Errors
/// `Error::Failed` where a migration does not run; the shadow is gone in every case.
pub async fn replay(
    main: &DbUrl,
    history: &History,
    options: &ShadowOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    let _ = (main, history, options, observer);
    todo!()
}
