//! Session locks of PostgreSQL and MySQL.

use sha2::{Digest, Sha256};
use xtask_db_sql::Dialect;

use crate::{Error, Session};

/// Tries the session's lock once.
pub(super) async fn try_lock(session: &mut Session) -> Result<bool, Error> {
    let sql = match session.dialect() {
        Dialect::Postgres => format!("SELECT pg_try_advisory_lock({})", key(session)),
        _ => format!("SELECT GET_LOCK({}, 0)", session.lit(&name(session))),
    };
    let rows = session.read("taking the deploy lock", &sql).await?;
    let answer = rows.first().and_then(|row| row.first()?.clone());
    Ok(matches!(answer.as_deref(), Some("t" | "1")))
}

/// Gives the session's lock up; when the connection is gone, so is the lock.
pub(super) async fn unlock(session: &mut Session) {
    let sql = match session.dialect() {
        Dialect::Postgres => format!("SELECT pg_advisory_unlock({})", key(session)),
        _ => format!("SELECT RELEASE_LOCK({})", session.lit(&name(session))),
    };
    let _ = session.rows(&sql).await;
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
                "SELECT IS_USED_LOCK({name}) AS pid FROM DUAL WHERE IS_USED_LOCK({name}) IS NOT NULL"
            )
        }
    }
}

/// PostgreSQL's locks are per database: schema and ledger make the key.
fn key(session: &Session) -> i64 {
    let digest = digest(session);
    i64::from_be_bytes(std::array::from_fn(|at| digest[at]))
}

/// MySQL's lock names are per server and at most 64 characters: the database is in the hash.
fn name(session: &Session) -> String {
    let hex: String = digest(session).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("xdb_{hex}")
}

fn digest(session: &Session) -> [u8; 32] {
    let schema = session.names.schema.as_deref().unwrap_or_default();
    let text = format!("xtask-db\0{schema}\0{}", session.names.table);
    Sha256::digest(text.as_bytes()).into()
}
