//! The work connection: one statement at a time. When the caller drops the future in the middle of
//! one, the server is told to cancel it, for sqlx has no cancellation of its own; and a lease that
//! the session holds is given up.
//!
//! Invariant: a lease is given up on the connection that had it, so never before the statement that
//! was in flight has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use xtask_db_sql::Dialect;

use crate::conn::{Conn, TextRow};
use crate::{DbError, Error, Prepared, Target};

/// How long a cancellation may take; a server that is gone needs none.
const CANCEL_MAX: Duration = Duration::from_secs(3);
/// How long giving up a lease may take; after that it expires by itself.
const GIVE_UP_MAX: Duration = Duration::from_secs(4);

/// The work connection.
#[derive(Debug)]
pub(crate) struct Work {
    /// None once it is closed.
    conn: Option<Conn>,
    target: Target,
    /// The server's id of the session, once it is known to be this session's alone.
    backend: Option<String>,
    /// Read by SQLite's progress handler: the running statement stops once it is set.
    stop: Arc<AtomicBool>,
    airborne: bool,
    /// The statement that gives up the lease that is held.
    give_up: Option<String>,
}

impl Work {
    pub(crate) async fn new(mut conn: Conn, target: &Target, backend: Option<String>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        conn.watch(&stop).await;
        let (conn, target) = (Some(conn), target.clone());
        Self { conn, target, backend, stop, airborne: false, give_up: None }
    }

    pub(crate) fn set_backend(&mut self, backend: Option<String>) {
        self.backend = backend;
    }

    /// The statement that gives up the lease which is held from now on; none once it is given up.
    pub(crate) fn set_give_up(&mut self, sql: Option<String>) {
        self.give_up = sql;
    }

    /// Runs statements.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64, DbError> {
        let Some(conn) = &mut self.conn else { return Err(DbError::closed()) };
        self.airborne = true;
        let done = conn.run(sql).await;
        self.airborne = false;
        done
    }

    /// Reads rows.
    pub(crate) async fn rows(&mut self, sql: &str) -> Result<Vec<TextRow>, DbError> {
        let Some(conn) = &mut self.conn else { return Err(DbError::closed()) };
        self.airborne = true;
        let rows = conn.rows(sql).await;
        self.airborne = false;
        rows
    }

    /// What the server says of a query, which is not run.
    pub(crate) async fn prepare(&mut self, sql: &str) -> Result<Prepared, DbError> {
        let Some(conn) = &mut self.conn else { return Err(DbError::closed()) };
        self.airborne = true;
        let prepared = conn.prepare(sql).await;
        self.airborne = false;
        prepared
    }

    /// Ends the connection; a pool's gets back what `restore` sets, and goes back.
    pub(crate) async fn close(mut self, restore: &str) {
        self.airborne = false;
        self.give_up = None;
        let Some(conn) = self.conn.take() else { return };
        conn.end(restore).await;
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.airborne && self.give_up.is_none() {
            return;
        }
        if self.airborne {
            self.stop.store(true, Ordering::Relaxed);
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let target = self.target.clone();
        let running = self.backend.take().filter(|_| self.airborne);
        let (conn, give_up) = (self.conn.take(), self.give_up.take());
        runtime.spawn(async move {
            if let Some(backend) = running {
                let _ = tokio::time::timeout(CANCEL_MAX, cancel(&target, &backend)).await;
            }
            if let (Some(conn), Some(sql)) = (conn, give_up) {
                let _ = tokio::time::timeout(GIVE_UP_MAX, part(conn, &sql)).await;
            }
        });
    }
}

/// Cancels what a server session runs. Its number came from the server, so it is only digits.
async fn cancel(target: &Target, backend: &str) -> Result<(), Error> {
    let mut control = Conn::of(target).await?;
    let sql = match control.dialect() {
        Dialect::Postgres => format!("SELECT pg_cancel_backend({backend})"),
        Dialect::Mysql => format!("KILL QUERY {backend}"),
        Dialect::Sqlite => return Ok(()),
    };
    let _ = control.run(&sql).await;
    control.close().await;
    Ok(())
}

/// Gives a lease up and ends the connection. Its commands are carried out in order: this waits for
/// the end of the one that was in flight.
async fn part(mut conn: Conn, give_up: &str) {
    // There is none where the statement committed by itself.
    let _ = conn.run("ROLLBACK").await;
    let _ = conn.run(give_up).await;
    conn.close().await;
}
