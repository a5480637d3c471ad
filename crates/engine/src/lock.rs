//! The deploy lock: one deployer at a time. A session lock on a server, a transaction's behind a
//! pooler, a row that expires where no lock function can be trusted; on SQLite the file's write
//! lock, taken per transaction, and a lease row while a journaled file runs.
//!
//! Invariant: a `Held` is given out only after the holder row was written with a new fence.

mod beat;
mod form;
mod holder;
mod lease;
mod predecessor;
mod row;
mod server;

use std::time::{Duration, Instant};

use uuid::Uuid;
use xtask_db_sql::Dialect;

use crate::conn::Conn;
use crate::{Actor, Error, Event, Failpoint, Observer, Session, ledger};

use beat::Beat;
use form::Form;
pub(crate) use form::settle_settings;
pub use holder::Holder;
pub(crate) use holder::{holder, read as read_holder, select as select_holder};

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
        format!(
            "EXISTS (SELECT 1 FROM {} AS k \
             WHERE k.name = {} AND k.owner = {} AND k.fence = {}{share})",
            session.names.lock,
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
    /// The lock is still held, where it can be lost while the session lives.
    pub(crate) async fn confirm(&self, session: &mut Session) -> Result<(), Error> {
        match self.form {
            Form::File | Form::Session => Ok(()),
            Form::Transaction | Form::Lease => self.verify(session).await,
        }
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
    let mut taker = Taker { owner, form, control, told: false };
    let (start, mut silent) = (Instant::now(), Duration::ZERO);
    let (mut pause, mut told): (_, Option<Instant>) = (POLL_MIN, None);
    loop {
        let tried = Instant::now();
        if let Some(held) = taker.attempt(session, actor, observer).await? {
            return Ok(held);
        }
        let holder = holder(session).await.ok().flatten();
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

/// Who tries to take the lock, and how.
struct Taker {
    owner: String,
    form: Form,
    control: Option<Conn>,
    told: bool,
}

impl Taker {
    /// One try.
    async fn attempt(
        &mut self,
        session: &mut Session,
        actor: &Actor,
        observer: &mut dyn Observer,
    ) -> Result<Option<Held>, Error> {
        if self.form == Form::File {
            return self.attempt_file(session, actor).await;
        }
        if self.form == Form::Session {
            match server::try_session(session).await? {
                Some(true) => {}
                Some(false) => return Ok(None),
                None => self.form = Form::Lease,
            }
        }
        self.tell(observer);
        if self.form == Form::Transaction {
            let mut control = beat::control(session, self.control.take()).await?;
            let got = server::try_transaction(session, &mut control).await?;
            self.control = Some(control);
            if !got {
                return Ok(None);
            }
        }
        // The node's own lock: a session of an earlier owner on this node may still be at work.
        if self.form == Form::Lease && server::try_session(session).await? == Some(false) {
            return Ok(None);
        }
        let taken = self.write(session, actor).await;
        if !matches!(taken, Ok(Some(_))) {
            self.give_back(session).await;
        }
        match taken {
            Err(Error::Server { error, .. }) if self.form == Form::Lease && error.contended() => {
                Ok(None)
            }
            taken => taken,
        }
    }

    /// Writes the row of a lock that is taken, or takes it by writing.
    async fn write(&mut self, session: &mut Session, actor: &Actor) -> Result<Option<Held>, Error> {
        Failpoint::LockTried.reached().await?;
        ledger::ensure(session).await?;
        if self.form != Form::Session
            && let Some(before) = row::owner(session).await?
            && predecessor::at_work(session, &before).await
        {
            return Ok(None);
        }
        let Some(fence) = row::write(session, &self.owner, actor, self.form).await? else {
            return match self.form {
                Form::Lease => Ok(None),
                _ => Err(Error::Fenced),
            };
        };
        let (owner, form) = (self.owner.clone(), self.form);
        let beat = Beat::start(session, form, &owner, fence, self.control.take());
        Ok(Some(Held { owner, fence, form, leased: form == Form::Lease, beat: Some(beat) }))
    }

    /// Gives up what was taken on the way.
    async fn give_back(&mut self, session: &mut Session) {
        match self.form {
            Form::Transaction => {
                if let Some(control) = &mut self.control {
                    let _ = control.run("ROLLBACK").await;
                }
            }
            _ => server::unlock(session).await,
        }
    }

    fn tell(&mut self, observer: &mut dyn Observer) {
        let how = match self.form {
            _ if self.told => return,
            Form::Transaction => {
                "the database is behind a pooler: a second connection holds the deploy lock"
            }
            Form::Lease => {
                "this server has no lock that all of it keeps: the deploy lock is a lease of 15 s, \
                 renewed while the run lasts"
            }
            Form::File | Form::Session => return,
        };
        self.told = true;
        observer.on(Event::Notice(how));
    }

    /// SQLite: the holder row is written under the file's write lock, unless a lease is alive.
    async fn attempt_file(
        &mut self,
        session: &mut Session,
        actor: &Actor,
    ) -> Result<Option<Held>, Error> {
        let doing = "taking the deploy lock";
        match session.run("BEGIN IMMEDIATE").await {
            Ok(_) => {}
            Err(error) if error.busy() => return Ok(None),
            Err(error) => return Err(Error::Server { doing, error }),
        }
        let taken = async {
            Failpoint::LockTried.reached().await?;
            ledger::ensure(session).await?;
            row::write(session, &self.owner, actor, Form::File).await
        }
        .await;
        match taken {
            Ok(Some(fence)) => {
                let Err(error) = session.run("COMMIT").await else {
                    let owner = self.owner.clone();
                    let (form, leased, beat) = (Form::File, false, None);
                    return Ok(Some(Held { owner, fence, form, leased, beat }));
                };
                let _ = session.run("ROLLBACK").await;
                // A reader is in the way.
                if error.busy() { Ok(None) } else { Err(Error::Server { doing, error }) }
            }
            Ok(None) => {
                session.tool(doing, "ROLLBACK").await?;
                Ok(None)
            }
            Err(error) => {
                let _ = session.run("ROLLBACK").await;
                Err(error)
            }
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
