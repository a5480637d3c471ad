//! Databases of PostgreSQL, MySQL and MariaDB servers.

use std::time::{Duration, Instant};

use xtask_db_sql::{Dialect, Syntax, ident, literal};

use super::connect;
use crate::conn::Conn;
use crate::{DbError, DbUrl, Error, SessionOptions};

/// PostgreSQL databases that are there to connect to when one's own is not.
const MAINTENANCE: [&str; 2] = ["postgres", "template1"];
/// How long a template that somebody is connected to, or sessions that just ended, are waited for.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// The pause between two tries.
const BUSY_POLL: Duration = Duration::from_millis(100);

/// Creates a database.
pub(super) async fn create(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    let mut conn = maintenance(url, options.connect_timeout).await?;
    let charset = if url.dialect() == Dialect::Mysql { "CHARACTER SET utf8mb4" } else { "" };
    let created = create_on(&mut conn, &url.database(), charset).await;
    conn.close().await;
    created
}

/// Drops a database.
pub(super) async fn drop(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    let mut conn = maintenance(url, options.connect_timeout).await?;
    let dropped = drop_on(&mut conn, &url.database()).await;
    conn.close().await;
    dropped
}

/// A connection to the server that is not on the database of the URL.
pub(crate) async fn maintenance(url: &DbUrl, limit: Duration) -> Result<Conn, Error> {
    if url.dialect() == Dialect::Mysql {
        return connect(&url.with_database(""), limit).await;
    }
    let mut first = None;
    for name in MAINTENANCE {
        match connect(&url.with_database(name), limit).await {
            Ok(conn) => return Ok(conn),
            // The server answered, but not for this database: it is missing or not allowed.
            Err(Error::Connect { host, error }) if error.code.is_some() => {
                first.get_or_insert(Error::Connect { host, error });
            }
            Err(error) => return Err(error),
        }
    }
    Err(first.unwrap_or(Error::NoDriver { dialect: url.dialect() }))
}

/// Creates a database through a connection to its server; `clause` is what follows its name.
pub(crate) async fn create_on(conn: &mut Conn, name: &str, clause: &str) -> Result<bool, Error> {
    let sql = format!("CREATE DATABASE {} {clause}", ident(conn.dialect(), name));
    let start = Instant::now();
    loop {
        match conn.run(&sql).await {
            Ok(_) => return Ok(true),
            Err(error) if exists_already(&error) => return Ok(false),
            // Somebody is connected to the template, for a moment.
            Err(error) if in_use(&error) && start.elapsed() < BUSY_WAIT => {
                tokio::time::sleep(BUSY_POLL).await;
            }
            Err(error) => return Err(Error::Server { doing: "creating the database", error }),
        }
    }
}

/// Drops a database through a connection to its server, unless sessions are connected to it.
pub(crate) async fn drop_on(conn: &mut Conn, name: &str) -> Result<bool, Error> {
    let dialect = conn.dialect();
    // MySQL drops a database under the sessions that use it.
    if dialect == Dialect::Mysql {
        let start = Instant::now();
        loop {
            match sessions(conn, name).await? {
                0 => break,
                count if start.elapsed() >= BUSY_WAIT => return Err(connected(name, count)),
                _ => tokio::time::sleep(BUSY_POLL).await,
            }
        }
    }
    match conn.run(&format!("DROP DATABASE {}", ident(dialect, name))).await {
        Ok(_) => Ok(true),
        Err(error) if unknown_database(&error) => Ok(false),
        Err(error) if in_use(&error) => Err(connected(name, sessions(conn, name).await?)),
        Err(error) => Err(Error::Server { doing: "dropping the database", error }),
    }
}

/// PostgreSQL: `old` gets the name `kept`, and `new` the name `old`, in one transaction.
pub(crate) async fn exchange_names(
    conn: &mut Conn,
    old: &str,
    kept: &str,
    new: &str,
) -> Result<(), Error> {
    let name = |name| ident(Dialect::Postgres, name);
    let sql = format!(
        "BEGIN; ALTER DATABASE {old} RENAME TO {kept}; ALTER DATABASE {new} RENAME TO {old}; \
            COMMIT",
        old = name(old),
        kept = name(kept),
        new = name(new)
    );
    let start = Instant::now();
    loop {
        let Err(error) = conn.run(&sql).await else { return Ok(()) };
        let _ = conn.run("ROLLBACK").await;
        // A session that has just ended is waited for.
        match error {
            error if in_use(&error) && start.elapsed() < BUSY_WAIT => {
                tokio::time::sleep(BUSY_POLL).await;
            }
            error if in_use(&error) => {
                let count = sessions(conn, old).await?;
                let problem = format!("cannot be replaced while sessions are connected: {count}");
                return Err(Error::Id { id: old.to_owned(), problem });
            }
            error => return Err(Error::Server { doing: "exchanging the databases", error }),
        }
    }
}

/// How many sessions are connected to a database, as far as the role can see.
async fn sessions(conn: &mut Conn, name: &str) -> Result<u64, Error> {
    let name = literal(Syntax::of(conn.dialect()), name);
    let sql = match conn.dialect() {
        Dialect::Mysql => {
            format!("SELECT count(*) FROM information_schema.PROCESSLIST WHERE DB = {name}")
        }
        _ => format!("SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = {name}"),
    };
    let rows = conn.rows(&sql).await;
    let rows = rows.map_err(|error| Error::Server { doing: "counting the sessions", error })?;
    Ok(rows.first().and_then(|row| row.first()?.as_deref()?.parse().ok()).unwrap_or_default())
}

fn connected(name: &str, count: u64) -> Error {
    let sessions = if count == 1 { "1 session is" } else { &format!("{count} sessions are") };
    Error::Id { id: name.to_owned(), problem: format!("cannot be dropped: {sessions} connected") }
}

/// 3D000 `invalid_catalog_name`; MySQL 1008 when dropping, 1049 when connecting.
pub(crate) fn unknown_database(error: &DbError) -> bool {
    error.code.as_deref() == Some("3D000") || matches!(error.number, Some(1008 | 1049))
}

/// 42P04 `duplicate_database`, 23505 when two create it at once; MySQL 1007.
fn exists_already(error: &DbError) -> bool {
    matches!(error.code.as_deref(), Some("42P04" | "23505")) || error.number == Some(1007)
}

/// 55006 `object_in_use`.
fn in_use(error: &DbError) -> bool {
    error.code.as_deref() == Some("55006")
}

/// Class 28 `invalid_authorization_specification`; MySQL 1044, 1045, 1698, and 1130 for the host.
pub(super) fn refuses_the_user(error: &DbError) -> bool {
    error.code.as_deref().is_some_and(|code| code.starts_with("28"))
        || matches!(error.number, Some(1044 | 1045 | 1130 | 1698))
}
