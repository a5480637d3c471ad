//! Who holds the deploy lock.

use xtask_db_sql::Dialect;

use super::server;
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
}

/// Who holds the lock now; none when it is free. SQLite: only a lease can be seen.
pub(crate) async fn holder(session: &mut Session) -> Result<Option<Holder>, Error> {
    let doing = "reading the deploy lock";
    let sql = select(session);
    match session.rows(&sql).await {
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

/// The query for the holder: no row while the lock is free.
pub(crate) fn select(session: &Session) -> String {
    let dialect = session.dialect();
    let now = clock::now(dialect);
    let columns = format!(
        "k.holder, {since}, {age}",
        since = clock::shown(dialect, "k.acquired_at"),
        age = clock::between_ms(dialect, "k.acquired_at", now),
    );
    let (table, name) = (&session.names.lock, session.lit(&session.names.table));
    match dialect {
        Dialect::Sqlite => format!(
            "SELECT NULL, {columns} FROM {table} AS k WHERE k.name = {name} \
             AND k.expires_at >= {now}"
        ),
        _ => format!(
            "SELECT l.pid, {columns} FROM ({}) AS l LEFT JOIN {table} AS k ON k.name = {name}",
            server::who_holds(session)
        ),
    }
}

/// A row of [`select`].
pub(crate) fn read(row: TextRow) -> Holder {
    let mut row = row.into_iter();
    let mut next = || row.next().flatten();
    let backend = next();
    Holder {
        who: next().unwrap_or_else(|| "another deployer".to_owned()),
        since: next().unwrap_or_default(),
        age_s: next().and_then(|ms| ms.parse::<u64>().ok()).unwrap_or_default() / 1000,
        backend,
    }
}
