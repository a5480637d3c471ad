//! Statements that change a development database beside its history: what `push` plans, what
//! undoes drift.
//!
//! Invariant: they run under the deploy lock, and an audit row says so.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use xtask_db_history::{Checksum, MigrationId, SqlFile};

use crate::apply::{self, Book, Job, Patience};
use crate::ledger::{self, Change as RowChange};
use crate::lock::{self, Held};
use crate::{Actor, Error, Observer, Session, drift, marker, meta, runs};

/// What the texts are called in an error.
const PLANNED: &str = "the planned statements";

/// How they are run.
#[derive(Debug, Clone)]
pub struct ChangeOptions {
    /// Who does it.
    pub actor: Actor,
    /// How long to wait for the deploy lock.
    pub lock_wait: Duration,
    /// The marker for a database that has none.
    pub marker: String,
}

/// Runs texts in order, each as a migration would be. `restamp` are applied migrations whose rows
/// get another checksum afterwards: the database is what their new text makes.
///
/// # Errors
/// `Error::ChangeFails` for a statement; the texts before it are committed.
pub async fn change(
    session: &mut Session,
    texts: &[String],
    restamp: &[(MigrationId, Checksum)],
    options: &ChangeOptions,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let held = lock::acquire(session, options.lock_wait, &options.actor, observer).await?;
    let started = Instant::now();
    let done = locked(session, &held, texts, restamp, options, observer).await;
    let (outcome, detail) = match &done {
        Ok(()) => ("ok", texts.join("\n")),
        Err(error) => ("failed", error.to_string()),
    };
    let recorded = runs::write(session, &held, &options.actor, started, outcome, &detail).await;
    let released = lock::release(session, held).await;
    done.and(recorded).and(released)
}

async fn locked(
    session: &mut Session,
    held: &Held,
    texts: &[String],
    restamp: &[(MigrationId, Checksum)],
    options: &ChangeOptions,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    if meta::get(session, marker::KEY).await?.is_none() {
        marker::stamp(session, held, &options.marker).await?;
    }
    drift::forget(session).await?;
    for text in texts {
        held.verify(session).await?;
        run(session, text, options.lock_wait, observer).await?;
    }
    for (id, checksum) in restamp {
        let rows = ledger::read_rows_of(session, id.as_str()).await?;
        let applied = |row: &&xtask_db_history::Row| {
            row.finished_at.is_some() && row.rolled_back_at.is_none()
        };
        if let Some(row) = rows.iter().rev().find(applied) {
            ledger::update(session, held, &row.row_id, &[RowChange::Checksum(*checksum)]).await?;
        }
    }
    Ok(())
}

async fn run(
    session: &mut Session,
    text: &str,
    lock_wait: Duration,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let text = Cow::Owned(text.to_owned());
    let file = SqlFile { path: Cow::Borrowed(PLANNED), text };
    let job = Job::read(None, &file, session.syntax())?;
    let ran = apply::run_file(session, &job, Book::None, Patience::of(lock_wait), observer).await;
    match ran {
        Ok(_) => session.fresh().await,
        Err(Error::Failed(failure)) => Err(Error::ChangeFails(failure)),
        Err(error) => Err(error),
    }
}
