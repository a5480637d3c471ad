//! The owner before: its client may be gone while the server still runs what it sent.

use xtask_db_sql::Dialect;

use crate::Session;

/// The name of the session of an owner, as the server shows it; at most 63 bytes.
pub(super) fn mark(owner: &str) -> String {
    format!("xtask-db {owner}")
}

/// Whether the server still runs something of an earlier owner, which held no lock of its session.
pub(super) async fn at_work(session: &mut Session, owner: &str) -> bool {
    if session.dialect() != Dialect::Postgres {
        // The lock function of the node tells, where there is one.
        return false;
    }
    let sql = format!(
        "SELECT pid FROM pg_catalog.pg_stat_activity WHERE application_name = {} \
         AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'",
        session.lit(&mark(owner))
    );
    // A server that cannot tell is not waited for: the fence still keeps the ledger right.
    session.ask(&sql).await.is_ok_and(|rows| !rows.is_empty())
}
