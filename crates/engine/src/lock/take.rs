//! One try at the deploy lock, in the form that the server has.

use super::beat::{self, Beat};
use super::form::Form;
use super::{Held, others, predecessor, row, server};
use crate::conn::Conn;
use crate::{Actor, Error, Event, Failpoint, Observer, Session, ledger};

/// Who tries to take the lock, and how.
pub(super) struct Taker {
    owner: String,
    form: Form,
    control: Option<Conn>,
    told: bool,
    expired: Option<row::Expired>,
}

impl Taker {
    pub(super) const fn new(owner: String, form: Form, control: Option<Conn>) -> Self {
        Self { owner, form, control, told: false, expired: None }
    }

    /// The form that the lock has turned out to have.
    pub(super) const fn form(&self) -> Form {
        self.form
    }

    /// One try.
    pub(super) async fn attempt(
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
        // On a cluster CREATE TABLE IF NOT EXISTS ends transactions of others that write the table,
        // also where it is there (measured on Galera: 1213 at COMMIT).
        if self.form != Form::Lease || !ledger::is_there(session).await {
            ledger::ensure(session).await?;
        }
        if self.form != Form::Session
            && let Some(before) = row::owner(session).await?
            && predecessor::at_work(session, &before).await
        {
            return Ok(None);
        }
        let fence = match row::write(session, &self.owner, actor, self.form).await? {
            None if self.form == Form::Lease => {
                row::take_over(session, &self.owner, actor, &mut self.expired).await?
            }
            None => return Err(Error::Fenced),
            fence => fence,
        };
        let Some(fence) = fence else { return Ok(None) };
        let (owner, form) = (self.owner.clone(), self.form);
        let keys = if form == Form::Session { others::keys(session).await? } else { Vec::new() };
        if !others::try_all(session, form, &keys).await? {
            return Ok(None);
        }
        let beat = Beat::start(session, form, &owner, fence, self.control.take());
        let leased = form == Form::Lease;
        let held = Held { owner, fence, form, leased, beat: Some(beat), others: keys };
        if leased {
            session.give_up_with(Some(held.expiry(session)));
        }
        Ok(Some(held))
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
        // The deadline is the waiter's, not the driver's; the settings are made again afterwards.
        match session.run("PRAGMA busy_timeout = 100; BEGIN IMMEDIATE").await {
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
                    let (form, leased, beat, others) = (Form::File, false, None, Vec::new());
                    return Ok(Some(Held { owner, fence, form, leased, beat, others }));
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
