//! Who holds the deploy lock.

use xtask_db_sql::Dialect;

use super::{Form, LEASE_MARK, LEASE_MS, server};
use crate::conn::TextRow;
use crate::ledger::undefined_table;
use crate::{Error, Session, clock};

/// Who holds the deploy lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// User, host, process and command, as the holder wrote it.
    pub who: String,
    /// Since when, the server's text, UTC.
    pub since: String,
    /// The age by the server's clock, in seconds.
    pub age_s: u64,
    /// The server's session id of the holder, when it is known.
    pub backend: Option<String>,
    /// It gave a sign of life within the last seconds.
    pub alive: bool,
    /// Its lease has expired, this many seconds ago: it is gone, unless it comes back in time.
    pub expired_s: Option<u64>,
}

/// Who holds the lock now; none when it is free. SQLite: only a lease can be seen.
pub(crate) async fn holder(session: &mut Session) -> Result<Option<Holder>, Error> {
    let doing = "reading the deploy lock";
    let sql = select(session);
    match session.ask(&sql).await {
        Ok(rows) => Ok(rows.into_iter().next().map(read)),
        Err(error) if !undefined_table(&error) => Err(Error::Server { doing, error }),
        Err(_) if session.dialect() == Dialect::Sqlite => Ok(None),
        // It was taken this instant, and the table is not there yet.
        Err(_) => {
            let sql = server::who_holds(session);
            Ok(session.read(doing, &sql).await?.into_iter().next().map(read))
        }
    }
}

/// Whoever wrote the row last. SQLite: somebody holds the file's write lock meanwhile; a lease: it
/// has expired and is not taken over yet.
pub(super) async fn last(session: &mut Session, form: Form) -> Option<Holder> {
    let dialect = session.dialect();
    let now = clock::now(dialect);
    let (expired, gone) = match form {
        Form::Lease => {
            let ago = clock::between_ms(dialect, "expires_at", now);
            (ago, format!(" AND expires_at < {now}"))
        }
        _ => ("NULL".to_owned(), String::new()),
    };
    let ask = format!(
        "SELECT NULL, holder, {since}, {age}, 0, {expired} FROM {table} WHERE name = {name}{gone}",
        since = clock::shown(dialect, "acquired_at"),
        age = clock::between_ms(dialect, "acquired_at", now),
        table = session.names.lock,
        name = session.lit(&session.names.table),
    );
    // The table may not be there yet.
    session.ask(&ask).await.ok()?.into_iter().next().map(read)
}

/// The query for the holder: no row while the lock is free.
pub(crate) fn select(session: &Session) -> String {
    let dialect = session.dialect();
    let now = clock::now(dialect);
    let alive = alive(dialect);
    let columns = format!(
        "k.holder, {since}, {age}",
        since = clock::shown(dialect, "k.acquired_at"),
        age = clock::between_ms(dialect, "k.acquired_at", now),
    );
    let (table, name) = (&session.names.lock, session.lit(&session.names.table));
    match dialect {
        Dialect::Sqlite => format!(
            "SELECT NULL, {columns}, CASE WHEN {alive} THEN 1 ELSE 0 END FROM {table} AS k \
             WHERE k.name = {name} AND k.expires_at >= {now}"
        ),
        // Without the mark an expiry says only that the holder was alive.
        _ => format!(
            "SELECT l.pid, {columns}, CASE WHEN {alive} THEN 1 ELSE 0 END \
             FROM ({}) AS l LEFT JOIN {table} AS k ON k.name = {name} \
             UNION ALL SELECT NULL, {columns}, 1 FROM {table} AS k WHERE k.name = {name} \
             AND k.expires_at >= {now} AND k.holder LIKE '%{LEASE_MARK}'",
            server::who_holds(session)
        ),
    }
}

/// A row of [`select`] or [`last`].
pub(crate) fn read(row: TextRow) -> Holder {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    let seconds = |ms: Option<String>| ms.and_then(|ms| ms.parse::<u64>().ok()).map(|ms| ms / 1000);
    let backend = next();
    Holder {
        who: next().unwrap_or_else(|| "another deployer".to_owned()),
        since: next().unwrap_or_default(),
        age_s: seconds(next()).unwrap_or_default(),
        alive: next().as_deref() == Some("1"),
        expired_s: seconds(next()),
        backend,
    }
}

/// The holder was seen within the life of a row: its heartbeat moves the expiry, or asks on in the
/// transaction that holds the lock.
fn alive(dialect: Dialect) -> String {
    let (now, ahead) = (clock::now(dialect), clock::shifted(dialect, LEASE_MS));
    // One that expires later than any row of ours does was not written by a heartbeat.
    let row = format!("(k.expires_at >= {now} AND k.expires_at <= {ahead})");
    match dialect {
        // A session that works has a name of its own; the other kind only asks on.
        Dialect::Postgres => format!(
            "coalesce({row}, false) OR EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity AS a \
             WHERE a.pid = l.pid AND a.state = 'idle in transaction' \
             AND a.application_name NOT LIKE 'xtask-db %' \
             AND a.state_change > {now} - interval '{LEASE_MS} milliseconds')"
        ),
        _ => row,
    }
}
