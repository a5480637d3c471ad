//! What a caller does under the deploy lock before the first statement, such as a backup.
//!
//! Invariant: nothing has run when it is asked, and nothing runs after it has failed.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crate::lock::{self, Held};
use crate::{Actor, Error, Ledger, Observer, Session, clock, inspect, meta, runs};

/// The meta key of the newest backup; its value is the caller's.
const KEY: &str = "backup";
/// How often the lock is looked at meanwhile; the question also keeps an idle session alive.
const PULSE: Duration = Duration::from_secs(20);

/// What a precaution gives: text to remember in the database, or why nothing may go on.
pub type Precaved<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, String>> + Send + 'a>>;

/// Something that is done under the deploy lock, before the first statement.
pub trait Precaution: Send {
    /// Does it. `seen` is the ledger under the lock.
    fn take<'a>(&'a mut self, seen: &'a Ledger) -> Precaved<'a>;
}

/// None.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPrecaution;

impl Precaution for NoPrecaution {
    fn take<'a>(&'a mut self, _: &'a Ledger) -> Precaved<'a> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// Takes a precaution while the lock is watched, and remembers it.
pub(crate) async fn take(
    session: &mut Session,
    held: &Held,
    seen: &Ledger,
    precaution: &mut dyn Precaution,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let mut taking = precaution.take(seen);
    let taken = loop {
        tokio::select! {
            taken = &mut taking => break taken,
            () = tokio::time::sleep(PULSE) => held.confirm(session, observer).await?,
        }
    };
    let note = taken.map_err(|why| Error::Precaution { why })?;
    held.confirm(session, observer).await?;
    let Some(note) = note else { return Ok(()) };
    remember(session, &note).await
}

/// Remembers a backup.
async fn remember(session: &mut Session, note: &str) -> Result<(), Error> {
    let sql = meta::put(session, KEY, note);
    session.tool("noting the backup", &sql).await.map(drop)
}

/// Takes a precaution under the deploy lock, and writes an audit row. A database without a ledger
/// has no lock, and nothing is written to it.
///
/// # Errors
/// `Error::Precaution`, or the lock is not free in time.
pub async fn under_lock(
    session: &mut Session,
    actor: &Actor,
    wait: Duration,
    precaution: &mut dyn Precaution,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let seen = inspect::read(session).await?;
    if !seen.present {
        let taken = precaution.take(&seen).await;
        return taken.map(drop).map_err(|why| Error::Precaution { why });
    }
    let held = lock::acquire(session, wait, actor, observer).await?;
    let started = Instant::now();
    let done = async {
        let seen = inspect::read(session).await?;
        take(session, &held, &seen, precaution, observer).await
    }
    .await;
    let (outcome, detail) = match &done {
        Ok(()) => ("ok", String::new()),
        Err(error) => ("failed", error.to_string()),
    };
    let recorded = runs::write(session, &held, actor, started, outcome, &detail).await;
    let released = lock::release(session, held).await;
    done.and(recorded).and(released)
}

/// What was remembered of the newest backup, and how long ago by the server's clock.
///
/// # Errors
/// The meta table cannot be read.
pub async fn last_backup(session: &mut Session) -> Result<Option<(String, Duration)>, Error> {
    let dialect = session.dialect();
    let age = clock::between_ms(dialect, "updated_at", clock::now(dialect));
    let rows = meta::columns(session, KEY, &format!("value, {age}")).await?;
    Ok(rows.into_iter().next().and_then(|row| {
        let mut row = row.into_iter();
        let (note, age) = (row.next()??, row.next()??);
        let age = age.parse::<i64>().ok().and_then(|age| u64::try_from(age).ok());
        // A time in the future says nothing about the age.
        Some((note, Duration::from_millis(age?)))
    }))
}
