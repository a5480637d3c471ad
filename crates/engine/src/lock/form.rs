//! Which form the deploy lock has on this server, found out before it is first taken.

use std::time::Duration;

use xtask_db_sql::Dialect;

use crate::conn::Conn;
use crate::{Error, Session};

/// The form of the deploy lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// SQLite: the file's write lock in each transaction, and a lease while a journaled file runs.
    File,
    /// A lock function, held by the session that works.
    Session,
    /// PostgreSQL behind a transaction pooler: a lock function, held by a transaction of a second
    /// connection.
    Transaction,
    /// No lock function that can be trusted: the holder's row, which expires.
    Lease,
}

/// Galera: a statement waits until what was committed before it on any node is applied here.
pub(super) const SYNC_WAIT: &str = "SET SESSION wsrep_sync_wait = 15; ";
/// How long the second connection may take.
const CONTROL_MAX: Duration = Duration::from_secs(10);
/// A server answers at once; a pooler whose sessions are all in transactions does not.
const ANSWER_MAX: Duration = Duration::from_millis(500);
/// How often a pooler gets the chance to show itself: it may be busy with others.
const PROBES: usize = 3;

/// Finds the form out. The second connection is kept where there is one already.
pub(super) async fn find(session: &mut Session) -> Result<(Form, Option<Conn>), Error> {
    match session.dialect() {
        Dialect::Sqlite => Ok((Form::File, None)),
        Dialect::Mysql => {
            let sql = "SHOW SESSION VARIABLES LIKE 'wsrep_on'";
            let rows = session.read("asking for the kind of the server", sql).await?;
            let on =
                |row: &Vec<Option<String>>| row.get(1).cloned().flatten().as_deref() == Some("ON");
            // Lock functions are a node's own (Galera manual, known limitations).
            if !rows.iter().any(on) {
                return Ok((Form::Session, None));
            }
            // Without it a third of the reads just after a commit on another node are old.
            session.always(SYNC_WAIT).await?;
            Ok((Form::Lease, None))
        }
        Dialect::Postgres => postgres(session).await,
    }
}

async fn postgres(session: &mut Session) -> Result<(Form, Option<Conn>), Error> {
    let version = &session.server().version;
    if ["CockroachDB", "YB", "Yugabyte"].iter().any(|name| version.contains(name)) {
        return Ok((Form::Lease, None));
    }
    let mut control = connect(session).await?;
    for _ in 0..PROBES {
        if shared(session, &mut control).await? {
            return Ok((Form::Transaction, Some(control)));
        }
    }
    Ok((Form::Session, Some(control)))
}

/// A second connection to the same place.
pub(super) async fn connect(session: &Session) -> Result<Conn, Error> {
    let target = session.target().clone();
    match tokio::time::timeout(CONTROL_MAX, Conn::of(&target)).await {
        Ok(conn) => conn,
        Err(_) => Err(Error::NotReady {
            waited: CONTROL_MAX,
            last: "the server did not answer on a second connection".to_owned(),
        }),
    }
}

/// While one connection is in a transaction the other asks who serves it: a transaction pooler
/// gives the same server session to both, or another one than before.
async fn shared(session: &mut Session, control: &mut Conn) -> Result<bool, Error> {
    let doing = "looking for a pooler";
    let ask = "SELECT pg_backend_pid()";
    let at = |error| Error::Server { doing, error };
    let before = session.read(doing, ask).await?;
    let theirs = control.rows(&format!("BEGIN; {ask}")).await.map_err(at)?;
    if theirs == before {
        return control.run("ROLLBACK").await.map(|_| true).map_err(at);
    }
    let mut again = std::pin::pin!(session.read(doing, ask));
    let answer = tokio::time::timeout(ANSWER_MAX, &mut again).await;
    control.run("ROLLBACK").await.map_err(at)?;
    match answer {
        Ok(after) => Ok(after? != before),
        // Its turn comes once others give their server sessions back, as this one just did.
        Err(_) => again.await.map(|_| true),
    }
}

/// Finds out whether the connection is the server's own, for work that takes no lock.
pub(crate) async fn settle_settings(session: &mut Session) -> Result<(), Error> {
    if session.direct() {
        return Ok(());
    }
    let (form, control) = find(session).await?;
    if let Some(control) = control {
        control.close().await;
    }
    if form == Form::Transaction { Ok(()) } else { session.set_direct().await }
}
