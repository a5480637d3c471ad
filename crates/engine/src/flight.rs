//! A statement in flight. When the caller drops the future in the middle of one, the server is
//! told to cancel it: sqlx has no cancellation of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::Target;
use crate::conn::Conn;

/// How long a cancellation may take; a server that is gone needs none.
const CANCEL_MAX: Duration = Duration::from_secs(3);

/// Whether a statement runs, and how to stop it.
#[derive(Debug)]
pub(crate) struct Flight {
    target: Target,
    backend: Option<String>,
    /// Read by SQLite's progress handler.
    stop: Arc<AtomicBool>,
    airborne: bool,
}

impl Flight {
    pub(crate) fn new(target: &Target, backend: Option<String>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        Self { target: target.clone(), backend, stop, airborne: false }
    }

    /// The server's id of the session, once it is known to be this session's alone.
    pub(crate) fn set_backend(&mut self, backend: Option<String>) {
        self.backend = backend;
    }

    /// Stops a running SQLite statement once it is set.
    pub(crate) const fn flag(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    pub(crate) const fn take_off(&mut self) {
        self.airborne = true;
    }

    pub(crate) const fn land(&mut self) {
        self.airborne = false;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.airborne {
            return;
        }
        self.stop.store(true, Ordering::Relaxed);
        let (Some(backend), Ok(runtime)) =
            (self.backend.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let target = self.target.clone();
        runtime.spawn(async move {
            let _ = tokio::time::timeout(CANCEL_MAX, cancel(&target, &backend)).await;
        });
    }
}

/// Cancels what a server session runs. Its number came from the server, so it is only digits.
async fn cancel(target: &Target, backend: &str) -> Result<(), crate::Error> {
    let mut control = Conn::of(target).await?;
    let sql = match control.dialect() {
        xtask_db_sql::Dialect::Postgres => format!("SELECT pg_cancel_backend({backend})"),
        xtask_db_sql::Dialect::Mysql => format!("KILL QUERY {backend}"),
        xtask_db_sql::Dialect::Sqlite => return Ok(()),
    };
    let _ = control.run(&sql).await;
    control.close().await;
    Ok(())
}
