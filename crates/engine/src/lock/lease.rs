//! The lease: a holder's row that expires by the server's clock.

use std::time::Duration;

use xtask_db_sql::Dialect;

use super::{Form, Held, LEASE_MS, holder};
use crate::{Error, Session, clock};

impl Held {
    /// SQLite: keeps others out while statements commit one by one. Takes the lease, or renews it;
    /// `false` while another's is alive.
    pub(crate) async fn lease(&mut self, session: &mut Session) -> Result<bool, Error> {
        if self.form != Form::File {
            return Ok(true);
        }
        let me = session.lit(&self.owner);
        let live = format!("expires_at >= {}", clock::now(Dialect::Sqlite));
        let free = if self.leased { "0".to_owned() } else { format!("NOT coalesce({live}, 0)") };
        let (table, name) = (session.names.lock.clone(), session.lit(&session.names.table));
        let sql = format!(
            "UPDATE {table} SET fence = fence + (owner <> {me}), owner = {me}, expires_at = {} \
             WHERE name = {name} AND (owner = {me} OR {free})",
            clock::shifted(Dialect::Sqlite, LEASE_MS),
        );
        if session.tool("taking the lease", &sql).await? == 0 {
            return if self.leased { Err(Error::Fenced) } else { Ok(false) };
        }
        let ask = format!("SELECT fence FROM {table} WHERE name = {name} AND owner = {me}");
        let rows = session.read("taking the lease", &ask).await?;
        let fence = rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok());
        self.fence = fence.ok_or(Error::Fenced)?;
        self.leased = true;
        session.give_up_with(Some(self.expiry(session)));
        Ok(true)
    }

    /// SQLite: gives the lease up, not the turn.
    pub(crate) async fn end_lease(&mut self, session: &mut Session) -> Result<(), Error> {
        if self.form != Form::File || !self.leased {
            return Ok(());
        }
        self.leased = false;
        self.expire(session).await
    }

    /// The row says that its holder is gone.
    pub(super) async fn expire(&self, session: &mut Session) -> Result<(), Error> {
        let sql = self.expiry(session);
        session.tool("releasing the lease", &sql).await?;
        session.give_up_with(None);
        Ok(())
    }

    /// The statement for it; of no effect once another has the lock.
    pub(super) fn expiry(&self, session: &Session) -> String {
        format!(
            "UPDATE {} SET expires_at = NULL WHERE name = {} AND owner = {} AND fence = {}",
            session.names.lock,
            session.lit(&session.names.table),
            session.lit(&self.owner),
            self.fence
        )
    }

    /// SQLite: another deployer has a lease that is alive.
    pub(crate) async fn leased_elsewhere(&self, session: &mut Session) -> Result<bool, Error> {
        if self.form != Form::File || self.leased {
            return Ok(false);
        }
        let sql = format!(
            "SELECT 1 FROM {} WHERE name = {} AND owner <> {} AND expires_at >= {}",
            session.names.lock,
            session.lit(&session.names.table),
            session.lit(&self.owner),
            clock::now(Dialect::Sqlite)
        );
        Ok(!session.read("reading the lease", &sql).await?.is_empty())
    }

    /// The refusal while another has the lease.
    pub(crate) async fn refused(&self, session: &mut Session) -> Error {
        let holder = holder(session).await.ok().flatten();
        Error::LockTimeout { waited: Duration::ZERO, holder }
    }
}
