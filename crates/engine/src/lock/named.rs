//! A lock of a session beside the deploy lock, for one backfill.

use xtask_db_sql::Dialect;

use super::form::{self, Form};
use super::server;
use crate::{Error, Session};

/// The name of such a lock, as the server knows it.
#[derive(Debug)]
pub(crate) struct Named(String);

impl Named {
    /// The lock of a backfill; none where a session can hold no lock that all of the server keeps.
    pub(crate) async fn of(session: &mut Session, id: &str) -> Result<Option<Self>, Error> {
        let (form, control) = form::find(session).await?;
        if let Some(control) = control {
            control.close().await;
        }
        if form != Form::Session {
            return Ok(None);
        }
        session.set_direct().await?;
        let purpose = format!("backfill\0{id}");
        Ok(Some(Self(match session.dialect() {
            Dialect::Postgres => server::key_for(session, &purpose).to_string(),
            _ => session.lit(&server::name_for(session, &purpose)),
        })))
    }
}

/// Tries the lock once; none where the server has no answer that can be trusted.
pub(crate) async fn try_named(session: &mut Session, named: &Named) -> Result<Option<bool>, Error> {
    let sql = match session.dialect() {
        Dialect::Postgres => format!("SELECT pg_try_advisory_lock({})", named.0),
        _ => format!("SELECT GET_LOCK({}, 0)", named.0),
    };
    server::answer(session, &sql).await
}

/// Gives the lock up; when the connection is gone, so is the lock.
pub(crate) async fn give_back_named(session: &mut Session, named: &Named) {
    let sql = match session.dialect() {
        Dialect::Postgres => format!("SELECT pg_advisory_unlock({})", named.0),
        _ => format!("SELECT RELEASE_LOCK({})", named.0),
    };
    let _ = session.ask(&sql).await;
}
