//! Who holds the deploy lock.

use xtask_db_sql::Dialect;

use super::server;
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
    let dialect = session.dialect();
    let doing = "reading the deploy lock";
    let mut backend = None;
    if dialect != Dialect::Sqlite {
        let rows = session.read(doing, &server::who_holds(session)).await?;
        backend = rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten();
        if backend.is_none() {
            return Ok(None);
        }
    }
    let now = clock::now(dialect);
    let live = match dialect {
        Dialect::Sqlite => format!(" AND expires_at >= {now}"),
        _ => String::new(),
    };
    let sql = format!(
        "SELECT holder, {since}, {age} FROM {table} WHERE name = {name}{live}",
        since = clock::shown(dialect, "acquired_at"),
        age = clock::between_ms(dialect, "acquired_at", now),
        table = session.names.lock,
        name = session.lit(&session.names.table),
    );
    let rows = match session.rows(&sql).await {
        Ok(rows) => rows,
        Err(error) if undefined_table(&error) => Vec::new(),
        Err(error) => return Err(Error::Server { doing, error }),
    };
    let row = rows.into_iter().next();
    if row.is_none() && backend.is_none() {
        return Ok(None);
    }
    let mut row = row.unwrap_or_default().into_iter();
    let mut next = || row.next().flatten();
    Ok(Some(Holder {
        who: next().unwrap_or_else(|| "another deployer".to_owned()),
        since: next().unwrap_or_default(),
        age_s: next().and_then(|ms| ms.parse::<u64>().ok()).unwrap_or_default() / 1000,
        backend,
    }))
}
