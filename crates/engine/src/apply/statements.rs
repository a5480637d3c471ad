//! Runs a range of a file's statements, one by one.

use std::ops::Range;

use crate::apply::{Job, failure, timed};
use crate::error::LeftAs;
use crate::{Error, Event, Failpoint, Observer, Session};

/// Runs statements in order. `left` says what is left when one fails.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    range: Range<usize>,
    left: LeftAs,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    for at in range {
        if job.script.statements[at].effects.foreign_keys.is_some() {
            // Hoisted: inside a transaction SQLite ignores it.
            continue;
        }
        let statement = u32::try_from(at + 1).unwrap_or(u32::MAX);
        observer.on(Event::Statement { statement, statements: job.len(), sql: job.sql(at) });
        Failpoint::Statement.reached().await?;
        let ran = timed::run(session, job, at, observer).await;
        ran.map_err(|error| failure::at(job, at, left, error))?;
    }
    Ok(())
}

/// The error is a wait for a lock of the server that was cut short: nothing was done, and a later
/// try may succeed.
pub(super) fn lock_wait(error: &Error) -> bool {
    match error {
        Error::Failed(failure) => waits(&failure.error),
        Error::Server { error, .. } => waits(error),
        // SQLite: another deployer's lease is alive.
        Error::LockTimeout { .. } => true,
        _ => false,
    }
}

fn waits(error: &crate::DbError) -> bool {
    error.lock_wait() || error.busy() || error.number == Some(1213)
}
