//! The heartbeat of a held lock: a task with a connection of its own, which keeps the holder's row
//! alive, or the transaction that holds the lock.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use xtask_db_sql::Dialect;

use super::{Form, LEASE_MS, form};
use crate::conn::Conn;
use crate::{Session, Target, clock};

/// How often the row is renewed: three times before it expires.
const EVERY: Duration = Duration::from_secs(5);
/// How long one renewal may take: on Galera it waits for an ALTER TABLE to end on every node.
const BEAT_MAX: Duration = Duration::from_secs(600);
/// How long a renewal that is under way is waited for at the end.
const STOP_MAX: Duration = Duration::from_secs(4);

/// A heartbeat. Dropping it ends it, and its connection.
#[derive(Debug)]
pub(super) struct Beat {
    task: JoinHandle<Option<Conn>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Beat {
    /// Starts it. A control connection that is there already is used; the row's renewal is
    /// otherwise worth one only when the run takes long.
    pub(super) fn start(
        session: &Session,
        kind: Form,
        owner: &str,
        fence: i64,
        control: Option<Conn>,
    ) -> Self {
        let sql = match kind {
            // The row is not touched: the transaction would keep it locked.
            Form::Transaction => "SELECT 1".to_owned(),
            _ => renewal(session, kind, owner, fence),
        };
        let (stop, stopped) = oneshot::channel();
        let target = session.target().clone();
        let task = tokio::spawn(keep(target, control, sql, stopped));
        Self { task, stop: Some(stop) }
    }

    /// Ends it and gives its connection back.
    pub(super) async fn stop(mut self) -> Option<Conn> {
        drop(self.stop.take());
        let task = &mut self.task;
        tokio::time::timeout(STOP_MAX, task).await.ok()?.ok()?
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(
    target: Target,
    mut control: Option<Conn>,
    sql: String,
    mut stopped: oneshot::Receiver<()>,
) -> Option<Conn> {
    loop {
        tokio::select! {
            _ = &mut stopped => return control,
            () = tokio::time::sleep(EVERY) => {}
        }
        let beat = async {
            if control.is_none() {
                control = Conn::of(&target).await.ok();
            }
            match &mut control {
                Some(conn) => conn.run(&sql).await.is_ok(),
                None => false,
            }
        };
        // One that fails is tried again at its time: the row lives for three of them, and every
        // write of the ledger looks for itself whether the lock is still held.
        let done = tokio::time::timeout(BEAT_MAX, beat).await;
        if !matches!(done, Ok(true)) && sql != "SELECT 1" {
            control = None;
        }
    }
}

/// The statement that keeps the row of this owner alive.
fn renewal(session: &Session, kind: Form, owner: &str, fence: i64) -> String {
    let dialect = session.dialect();
    let brief = match dialect {
        Dialect::Postgres => {
            "SET LOCAL standard_conforming_strings = on; SET LOCAL lock_timeout = '2s'; "
        }
        Dialect::Mysql => "SET SESSION innodb_lock_wait_timeout = 2, lock_wait_timeout = 2; ",
        Dialect::Sqlite => "",
    };
    let sync = match (kind, dialect) {
        (Form::Lease, Dialect::Mysql) => form::SYNC_WAIT,
        _ => "",
    };
    format!(
        "{brief}{sync}UPDATE {} SET expires_at = {} \
         WHERE name = {} AND owner = {} AND fence = {fence}",
        session.names.lock,
        clock::shifted(dialect, LEASE_MS),
        session.lit(&session.names.table),
        session.lit(owner),
    )
}

/// The connection that holds the lock of the form `Transaction`.
pub(super) async fn control(session: &Session, kept: Option<Conn>) -> Result<Conn, crate::Error> {
    match kept {
        Some(conn) => Ok(conn),
        None => form::connect(session, None).await,
    }
}
