//! Which form the deploy lock has on this server, found out before it is first taken.

use std::time::Duration;

use uuid::Uuid;
use xtask_db_sql::Dialect;

use crate::conn::{Conn, TextRow};
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
/// The setting that tells the server's own connection.
const TOKEN: &str = "xtask_db.connection";

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
    // The server shows a setting that came with the connection; a pooler refuses it, or keeps it
    // for itself. (Comparing server sessions instead is a matter of luck while a pool is busy.)
    let token = Uuid::new_v4().to_string();
    match connect(session, Some(&token)).await {
        Ok(mut control) => {
            let ask = format!("SELECT current_setting('{TOKEN}', true)");
            let rows = control.rows(&ask).await;
            let shown = |rows: Vec<TextRow>| rows.first().and_then(|row| row.first()?.clone());
            let direct = rows.is_ok_and(|rows| shown(rows).as_deref() == Some(&token));
            let form = if direct { Form::Session } else { Form::Transaction };
            Ok((form, Some(control)))
        }
        Err(_) => Ok((Form::Transaction, Some(connect(session, None).await?))),
    }
}

/// A second connection to the same place.
pub(super) async fn connect(session: &Session, token: Option<&str>) -> Result<Conn, Error> {
    let target = session.target().clone();
    let opening = async {
        match token {
            Some(token) => Conn::tagged(&target, TOKEN, token).await,
            None => Conn::of(&target).await,
        }
    };
    match tokio::time::timeout(CONTROL_MAX, opening).await {
        Ok(conn) => conn,
        Err(_) => Err(Error::NotReady {
            waited: CONTROL_MAX,
            last: "the server did not answer on a second connection".to_owned(),
        }),
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
