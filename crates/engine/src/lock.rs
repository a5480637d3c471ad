//! The deploy lock: one deployer at a time, however many are started.
//!
//! PostgreSQL and MySQL: a lock of the server's session, polled, never waited for inside SQL: a
//! session that blocks in `pg_advisory_lock` stops another's `CREATE INDEX CONCURRENTLY`. SQLite:
//! the file's write lock, taken per transaction, and a lease row while a journaled file runs.
//!
//! Invariant: a `Held` is given out only after the holder row was written with a new fence.

mod holder;
mod server;

use std::time::{Duration, Instant};

use uuid::Uuid;
use xtask_db_sql::Dialect;

use crate::{Actor, Error, Event, Failpoint, Observer, Session, clock, ledger};

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
/// How long a lease of SQLite lives without being renewed.
pub(crate) const LEASE_MS: i64 = 15_000;

/// The deploy lock, held.
#[derive(Debug)]
pub(crate) struct Held {
    owner: String,
    fence: i64,
    /// SQLite: the holder row has an expiry.
    leased: bool,
}

impl Held {
    /// The condition under which a write of the ledger is allowed. SQLite without a lease: the
    /// file's write lock, which the statement itself takes.
    pub(crate) fn guard(&self, session: &Session) -> String {
        if session.dialect() == Dialect::Sqlite && !self.leased {
            return "1 = 1".to_owned();
        }
        format!(
            "EXISTS (SELECT 1 FROM {} AS k WHERE k.name = {} AND k.owner = {} AND k.fence = {})",
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

    /// SQLite: keeps others out while statements commit one by one. Takes the lease, or renews it;
    /// `false` while another's is alive.
    pub(crate) async fn lease(&mut self, session: &mut Session) -> Result<bool, Error> {
        if session.dialect() != Dialect::Sqlite {
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
        Ok(true)
    }

    /// SQLite: gives the lease up, not the turn.
    pub(crate) async fn end_lease(&mut self, session: &mut Session) -> Result<(), Error> {
        if !self.leased {
            return Ok(());
        }
        let sql = format!(
            "UPDATE {} SET expires_at = NULL WHERE name = {} AND owner = {} AND fence = {}",
            session.names.lock,
            session.lit(&session.names.table),
            session.lit(&self.owner),
            self.fence
        );
        self.leased = false;
        session.tool("releasing the lease", &sql).await.map(drop)
    }

    /// SQLite: another deployer has a lease that is alive.
    pub(crate) async fn leased_elsewhere(&self, session: &mut Session) -> Result<bool, Error> {
        if session.dialect() != Dialect::Sqlite || self.leased {
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

/// Takes the deploy lock, and creates the tool's tables under it.
///
/// # Errors
/// `Error::LockTimeout` at the deadline.
pub(crate) async fn acquire(
    session: &mut Session,
    wait: Duration,
    actor: &Actor,
    observer: &mut dyn Observer,
) -> Result<Held, Error> {
    let start = Instant::now();
    let owner = Uuid::new_v4().to_string();
    let mut pause = POLL_MIN;
    let mut told: Option<Instant> = None;
    loop {
        if let Some(held) = attempt(session, &owner, actor).await? {
            return Ok(held);
        }
        let waited = start.elapsed();
        if waited >= wait {
            let holder = holder(session).await.ok().flatten();
            return Err(Error::LockTimeout { waited, holder });
        }
        if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            let holder = holder(session).await.ok().flatten();
            observer.on(Event::Waiting { holder: holder.as_ref(), waited });
            told = Some(Instant::now());
        }
        tokio::time::sleep(pause.min(wait.saturating_sub(waited))).await;
        pause = (pause * 2).min(POLL_MAX);
    }
}

/// One try.
async fn attempt(session: &mut Session, owner: &str, actor: &Actor) -> Result<Option<Held>, Error> {
    if session.dialect() == Dialect::Sqlite {
        return attempt_file(session, owner, actor).await;
    }
    if !server::try_lock(session).await? {
        return Ok(None);
    }
    let taken = async {
        Failpoint::LockTried.reached().await?;
        ledger::ensure(session).await?;
        let fence = write_holder(session, owner, actor, true).await?.ok_or(Error::Fenced)?;
        Ok(Held { owner: owner.to_owned(), fence, leased: false })
    }
    .await;
    if taken.is_err() {
        server::unlock(session).await;
    }
    taken.map(Some)
}

/// SQLite: the holder row is written under the file's write lock, unless a lease is alive.
async fn attempt_file(
    session: &mut Session,
    owner: &str,
    actor: &Actor,
) -> Result<Option<Held>, Error> {
    match session.run("BEGIN IMMEDIATE").await {
        Ok(_) => {}
        Err(error) if error.busy() => return Ok(None),
        Err(error) => return Err(Error::Server { doing: "taking the deploy lock", error }),
    }
    let taken = async {
        Failpoint::LockTried.reached().await?;
        ledger::ensure(session).await?;
        write_holder(session, owner, actor, false).await
    }
    .await;
    match taken {
        Ok(Some(fence)) => {
            let Err(error) = session.run("COMMIT").await else {
                return Ok(Some(Held { owner: owner.to_owned(), fence, leased: false }));
            };
            let _ = session.run("ROLLBACK").await;
            // A reader is in the way.
            match error.busy() {
                true => Ok(None),
                false => Err(Error::Server { doing: "taking the deploy lock", error }),
            }
        }
        Ok(None) => {
            session.tool("taking the deploy lock", "ROLLBACK").await?;
            Ok(None)
        }
        Err(error) => {
            let _ = session.run("ROLLBACK").await;
            Err(error)
        }
    }
}

/// Writes the holder row and returns its fence; none when a lease of another is alive.
async fn write_holder(
    session: &mut Session,
    owner: &str,
    actor: &Actor,
    regardless: bool,
) -> Result<Option<i64>, Error> {
    let dialect = session.dialect();
    let now = clock::now(dialect);
    let (table, name) = (session.names.lock.clone(), session.lit(&session.names.table));
    let (owner, holder) = (session.lit(owner), session.lit(&actor.who));
    let insert = format!(
        "INSERT INTO {table} (name, owner, fence, holder, acquired_at, expires_at) \
         VALUES ({name}, {owner}, 1, {holder}, {now}, NULL)"
    );
    let sql = if dialect == Dialect::Mysql {
        format!(
            "{insert} ON DUPLICATE KEY UPDATE owner = VALUES(owner), fence = fence + 1, \
             holder = VALUES(holder), acquired_at = VALUES(acquired_at), expires_at = NULL"
        )
    } else {
        let live = if regardless {
            String::new()
        } else {
            format!(" WHERE k.expires_at IS NULL OR k.expires_at < {now}")
        };
        format!(
            "{} ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = k.fence + 1, \
             holder = excluded.holder, acquired_at = excluded.acquired_at, \
             expires_at = NULL{live}",
            insert.replacen(&table, &format!("{table} AS k"), 1)
        )
    };
    let doing = "taking the deploy lock";
    if session.tool(doing, &sql).await? == 0 {
        return Ok(None);
    }
    let ask = format!("SELECT fence FROM {table} WHERE name = {name} AND owner = {owner}");
    let rows = session.read(doing, &ask).await?;
    let fence = rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok());
    Ok(fence)
}

/// Gives the lock up. The holder row stays, with its time: it names the last one.
pub(crate) async fn release(session: &mut Session, mut held: Held) -> Result<(), Error> {
    if session.dialect() == Dialect::Sqlite {
        return held.end_lease(session).await;
    }
    server::unlock(session).await;
    Ok(())
}
