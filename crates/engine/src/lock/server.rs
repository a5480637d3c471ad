//! Lock functions of PostgreSQL and MySQL, held by a session or a transaction.

use sha2::{Digest, Sha256};
use xtask_db_sql::Dialect;

use crate::conn::Conn;
use crate::{DbError, Error, Session};

const DOING: &str = "taking the deploy lock";

/// Tries the session's lock once; none where the server has no answer that can be trusted.
pub(crate) async fn try_session(session: &mut Session) -> Result<Option<bool>, Error> {
    let sql = match session.dialect() {
        Dialect::Postgres => format!("SELECT pg_try_advisory_lock({})", key(session)),
        _ => format!("SELECT GET_LOCK({}, 0)", session.lit(&name(session))),
    };
    answer(session, &sql).await
}

/// What a function says that tries a lock; none where that cannot be trusted.
pub(super) async fn answer(session: &mut Session, sql: &str) -> Result<Option<bool>, Error> {
    let rows = match session.ask(sql).await {
        Ok(rows) => rows,
        Err(error) if no_function(&error) => return Ok(None),
        Err(error) => return Err(Error::Server { doing: DOING, error }),
    };
    Ok(match rows.first().and_then(|row| row.first()?.as_deref()) {
        Some("t" | "1") => Some(true),
        Some("f" | "0") => Some(false),
        // NULL: "an error occurred" (manual, GET_LOCK).
        _ => None,
    })
}

/// Tries the lock once in a transaction of the second connection, which then stays open. An idle
/// READ COMMITTED one is in nobody's way (measured: `CREATE INDEX CONCURRENTLY` ends).
pub(super) async fn try_transaction(session: &Session, control: &mut Conn) -> Result<bool, Error> {
    let sql = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0; \
         SET LOCAL statement_timeout = 0; SELECT pg_try_advisory_xact_lock({})",
        key(session)
    );
    let at = |error| Error::Server { doing: DOING, error };
    let rows = control.rows(&sql).await.map_err(at)?;
    if rows.first().and_then(|row| row.first()?.as_deref()) == Some("t") {
        return Ok(true);
    }
    control.run("ROLLBACK").await.map(|_| false).map_err(at)
}

/// 42883; MySQL 1305: there is no such function.
fn no_function(error: &DbError) -> bool {
    error.code.as_deref() == Some("42883") || error.number == Some(1305)
}

/// Gives the session's lock up; when the connection is gone, so is the lock.
pub(super) async fn unlock(session: &mut Session) {
    let sql = match session.dialect() {
        Dialect::Postgres => format!("SELECT pg_advisory_unlock({})", key(session)),
        _ => format!("SELECT RELEASE_LOCK({})", session.lit(&name(session))),
    };
    let _ = session.ask(&sql).await;
}

/// The query for the server session that holds the lock: its id, no row when it is free.
pub(super) fn who_holds(session: &Session) -> String {
    match session.dialect() {
        Dialect::Postgres => {
            let key = key(session);
            // A bigint key is shown in two halves, objsubid 1 (manual, pg_locks).
            format!(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                 AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = {key}"
            )
        }
        _ => {
            let name = session.lit(&name(session));
            format!(
                "SELECT IS_USED_LOCK({name}) AS pid FROM DUAL \
                 WHERE IS_USED_LOCK({name}) IS NOT NULL"
            )
        }
    }
}

/// The condition that this session holds the lock.
pub(super) fn own(session: &Session) -> String {
    match session.dialect() {
        Dialect::Postgres => {
            format!("EXISTS ({} AND pid = pg_backend_pid())", who_holds(session))
        }
        _ => format!("IS_USED_LOCK({}) = CONNECTION_ID()", session.lit(&name(session))),
    }
}

/// PostgreSQL's locks are per database: schema and ledger make the key.
fn key(session: &Session) -> i64 {
    key_for(session, "")
}

/// The key of a lock with a purpose of its own; empty: the deploy lock.
pub(super) fn key_for(session: &Session, purpose: &str) -> i64 {
    let digest = digest(session, purpose);
    i64::from_be_bytes(std::array::from_fn(|at| digest[at]))
}

/// MySQL's lock names are per server and at most 64 characters: the database is in the hash.
fn name(session: &Session) -> String {
    name_for(session, "")
}

/// The name of a lock with a purpose of its own; empty: the deploy lock.
pub(super) fn name_for(session: &Session, purpose: &str) -> String {
    let hex: String =
        digest(session, purpose).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("xdb_{hex}")
}

fn digest(session: &Session, purpose: &str) -> [u8; 32] {
    let schema = session.names.schema.as_deref().unwrap_or_default();
    let mut text = format!("xtask-db\0{schema}\0{}", session.names.table);
    if !purpose.is_empty() {
        text.push('\0');
        text.push_str(purpose);
    }
    Sha256::digest(text.as_bytes()).into()
}
