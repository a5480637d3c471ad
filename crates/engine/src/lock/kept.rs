//! A lock of the session, while files of others run in it: one of them may free it, as
//! `DISCARD ALL` and `pg_advisory_unlock_all()` do, or MySQL's `RELEASE_ALL_LOCKS()`.
//!
//! Invariant: a freed lock is taken again before the next thing is committed, and only while the
//! fence says that nobody had it meanwhile.

use xtask_db_sql::Dialect;

use super::{Form, Held, others, server};
use crate::{Error, Event, Observer, Session};

/// What is said when it was taken again.
const TAKEN_AGAIN: &str = "a statement freed the deploy lock, as DISCARD ALL and functions that \
    unlock all do; nobody took it meanwhile, and it is taken again";
/// What is said when it could not be.
const TAKEN: &str = "a statement freed the deploy lock, as DISCARD ALL and functions that unlock \
    all do; another deployer took it meanwhile";

impl Held {
    /// The lock is still held: asked before a step of a file.
    pub(crate) async fn confirm(
        &self,
        session: &mut Session,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        if self.form == Form::File && !self.leased {
            return Ok(());
        }
        let own = match self.form {
            Form::Session => server::own(session),
            _ => "1 = 1".to_owned(),
        };
        let guard = self.guard(session);
        let ask = format!("SELECT CASE WHEN {guard} THEN 1 END, CASE WHEN {own} THEN 1 END");
        let rows = session.read("checking the deploy lock", &ask).await?;
        match rows.first().map(Vec::as_slice) {
            Some([Some(_), Some(_)]) => Ok(()),
            Some([_, None]) => self.take_again(session, observer).await,
            _ => Err(Error::Fenced),
        }
    }

    /// The same after the statements of a transaction, whose fence is checked by its write of the
    /// ledger.
    pub(crate) async fn keep(
        &self,
        session: &mut Session,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        match self.form {
            Form::Session => self.confirm(session, observer).await,
            Form::File | Form::Transaction | Form::Lease => Ok(()),
        }
    }

    async fn take_again(
        &self,
        session: &mut Session,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let again = server::try_session(session).await? == Some(true)
            && others::try_all(session, self.form, &self.others).await?
            && self.is_last(session).await?;
        observer.on(Event::Notice(if again { TAKEN_AGAIN } else { TAKEN }));
        if again { Ok(()) } else { Err(Error::Fenced) }
    }

    /// Nobody wrote the holder's row since: whoever takes the lock does so first.
    async fn is_last(&self, session: &mut Session) -> Result<bool, Error> {
        // The snapshot of a transaction may be older than the lock: locked, the row is the newest,
        // or the server refuses (40001).
        let lock = match session.dialect() {
            Dialect::Postgres => " FOR SHARE",
            Dialect::Mysql => " FOR UPDATE",
            Dialect::Sqlite => "",
        };
        let ask = format!(
            "SELECT 1 FROM {} AS k WHERE {}{lock}",
            session.names.lock,
            self.is_ours(session)
        );
        Ok(!session.read("checking the deploy lock", &ask).await?.is_empty())
    }
}
