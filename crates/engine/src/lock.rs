//! The deploy lock: one deployer at a time. A session lock on a server, a transaction's behind a
//! pooler, a row that expires where no lock function can be trusted; on SQLite the file's write
//! lock, taken per transaction, and a lease row while a journaled file runs.
//!
//! Invariant: a `Held` is given out only after the holder row was written with a new fence.

mod beat;
mod form;
mod holder;
mod kept;
mod lease;
mod named;
mod others;
mod predecessor;
mod row;
mod server;
mod take;

use std::time::{Duration, Instant};

use uuid::Uuid;
use xtask_db_sql::Dialect;

use crate::{Actor, Error, Event, Observer, Session, clock};

use beat::Beat;
use form::Form;
pub(crate) use form::settle_settings;
pub use holder::Holder;
pub(crate) use holder::{holder, read as read_holder, select as select_holder};
pub(crate) use named::{Named, give_back_named, try_named};
pub(crate) use server::try_session;
use take::Taker;

/// How long a short bookkeeping command waits for the lock.
pub(crate) const WAIT_DEFAULT: Duration = Duration::from_secs(60);
/// The first wait between two tries.
const POLL_MIN: Duration = Duration::from_millis(20);
/// The longest wait between two tries.
const POLL_MAX: Duration = Duration::from_millis(250);
/// How often a waiter is told who it waits for.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// How long a row lives without being renewed, by the server's clock.
pub(crate) const LEASE_MS: i64 = 15_000;
/// How the holder's text ends where its row keeps others out.
const LEASE_MARK: &str = " (lease)";
/// How long a holder that is alive is waited for.
const ALIVE_MAX: Duration = Duration::from_secs(6 * 3600);

/// The deploy lock, held.
#[derive(Debug)]
pub(crate) struct Held {
    owner: String,
    fence: i64,
    form: Form,
    /// The row keeps others out until it expires.
    leased: bool,
    beat: Option<Beat>,
    /// Locks of other tools that are held beside it.
    others: Vec<String>,
}

impl Held {
    /// The condition under which a write of the ledger is allowed. SQLite without a lease: the
    /// file's write lock, which the statement itself takes.
    pub(crate) fn guard(&self, session: &Session) -> String {
        if self.form == Form::File && !self.leased {
            return "1 = 1".to_owned();
        }
        // A new owner, who changes the row, waits for the transaction that wrote under it.
        let postgres = session.dialect() == Dialect::Postgres;
        let share = if postgres && self.form != Form::Session { " FOR SHARE" } else { "" };
        let ours = self.is_ours(session);
        format!("EXISTS (SELECT 1 FROM {} AS k WHERE {ours}{share})", session.names.lock)
    }

    /// The condition on the holder's row `k`.
    fn is_ours(&self, session: &Session) -> String {
        format!(
            "k.name = {} AND k.owner = {} AND k.fence = {}",
            session.lit(&session.names.table),
            session.lit(&self.owner),
            self.fence
        )
    }

    /// The lock is still held.
    pub(crate) async fn verify(&self, session: &mut Session) -> Result<(), Error> {
        let sql = format!(
            "SELECT 1{} WHERE {}",
            if session.dialect() == Dialect::Mysql { " FROM DUAL" } else { "" },
            self.guard(session)
        );
        match session.read("checking the deploy lock", &sql).await?.is_empty() {
            true => Err(Error::Fenced),
            false => Ok(()),
        }
    }
}

impl Held {
    /// A real change of the holder's row, in the transaction of the write that it allows: on a
    /// cluster only what is written is compared between nodes, not what was read (measured on
    /// Galera: of 300 writes that only looked at the row 52 came after a takeover).
    pub(crate) async fn touch(&self, session: &mut Session) -> Result<(), Error> {
        if self.form != Form::Lease {
            return Ok(());
        }
        let sql = format!(
            "UPDATE {} SET {} WHERE name = {} AND owner = {} AND fence = {}",
            session.names.lock,
            self.touched(session),
            session.lit(&session.names.table),
            session.lit(&self.owner),
            self.fence
        );
        match session.tool("checking the deploy lock", &sql).await? {
            0 => self.verify(session).await,
            _ => Ok(()),
        }
    }

    /// MySQL with a lease: the same as part of a statement that changes the ledger.
    pub(crate) fn joined(&self, session: &Session) -> Option<(String, String)> {
        if self.form != Form::Lease || session.dialect() != Dialect::Mysql {
            return None;
        }
        let join = format!(" JOIN {} AS k ON {}", session.names.lock, self.is_ours(session));
        Some((join, self.touched(session)))
    }

    fn touched(&self, session: &Session) -> String {
        format!("expires_at = {}", clock::shifted(session.dialect(), LEASE_MS))
    }
}

/// Takes the deploy lock, and creates the tool's tables under it. Only time in which its holder
/// gives no sign of life counts against `wait`.
///
/// # Errors
/// `Error::LockTimeout` at the deadline.
pub(crate) async fn acquire(
    session: &mut Session,
    wait: Duration,
    actor: &Actor,
    observer: &mut dyn Observer,
) -> Result<Held, Error> {
    let (form, control) = form::find(session).await?;
    if form == Form::Session {
        session.set_direct().await?;
    }
    let owner = Uuid::new_v4().to_string();
    session.mark(&predecessor::mark(&owner)).await?;
    let mut taker = Taker::new(owner, form, control);
    let (start, mut silent) = (Instant::now(), Duration::ZERO);
    let (mut pause, mut told): (_, Option<Instant>) = (POLL_MIN, None);
    loop {
        let tried = Instant::now();
        if let Some(held) = taker.attempt(session, actor, observer).await? {
            if held.form == Form::File {
                session.fresh().await?;
            }
            return Ok(held);
        }
        let holder = match holder(session).await.ok().flatten() {
            None if matches!(taker.form(), Form::File | Form::Lease) => {
                holder::last(session, taker.form()).await
            }
            holder => holder,
        };
        if silent >= wait || start.elapsed() >= ALIVE_MAX {
            return Err(Error::LockTimeout { waited: start.elapsed(), holder });
        }
        if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            let waited = start.elapsed();
            observer.on(Event::Waiting { holder: holder.as_ref(), waited });
            told = Some(Instant::now());
        }
        tokio::time::sleep(pause.min(wait.saturating_sub(silent))).await;
        pause = (pause * 2).min(POLL_MAX);
        if !holder.is_some_and(|holder| holder.alive) {
            silent += tried.elapsed();
        }
    }
}

/// Gives the lock up. The holder row stays, with its time: it names the last one.
pub(crate) async fn release(session: &mut Session, mut held: Held) -> Result<(), Error> {
    if held.form == Form::File {
        return held.end_lease(session).await;
    }
    let control = match held.beat.take() {
        Some(beat) => beat.stop().await,
        None => None,
    };
    // What cannot be said here the row's age says.
    let _ = held.expire(session).await;
    others::give_back(session, &held.others).await;
    match held.form {
        Form::Transaction => {}
        _ => server::unlock(session).await,
    }
    if let Some(mut control) = control {
        if held.form == Form::Transaction {
            let _ = control.run("ROLLBACK").await;
        }
        control.close().await;
    }
    Ok(())
}
