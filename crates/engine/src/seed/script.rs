//! Runs a file that is not a migration.

use std::time::Duration;

use crate::apply::{self, Book, Job, Patience, Ran};
use crate::{Error, Observer, Session, lock};

/// How long the statements of a script may wait for locks of the server, all tries together.
const PATIENCE: Patience = Patience::of(Duration::from_secs(60));

/// Runs a script, in one transaction where it can be. Returns how many statements it has.
///
/// # Errors
/// `Error::Split`, or `Error::Failed` with the statement's place.
pub async fn run_script(
    session: &mut Session,
    path: &str,
    text: &str,
    observer: &mut dyn Observer,
) -> Result<u32, Error> {
    let job = Job::of(None, path, text, session.syntax())?;
    lock::settle_settings(session).await?;
    let ran = apply::run_file(session, &job, Book::None, PATIENCE, observer).await?;
    session.fresh().await?;
    Ok(match ran {
        Ran::Done(statements) => statements,
        Ran::Already => 0,
    })
}
