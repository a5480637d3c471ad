//! How far the replicas are behind, as the primary knows it.

use std::time::Duration;

use xtask_db_sql::Dialect;

use crate::{Error, Session};

/// The longest lag of a replica.
///
/// # Errors
/// `Error::NoLag` where the server does not say.
pub(super) async fn lag(session: &mut Session) -> Result<Duration, Error> {
    if session.dialect() != Dialect::Postgres {
        return Err(Error::NoLag { why: "this server does not know how far its replicas are" });
    }
    // Who may not see a replica sees its row with NULLs (manual, pg_stat_replication).
    let sql = "SELECT \
         (extract(epoch FROM max(coalesce(replay_lag, interval '0'))) * 1000)::bigint, \
         count(*) FILTER (WHERE state IS NULL) FROM pg_catalog.pg_stat_replication";
    let rows = session.read("asking how far the replicas are", sql).await?;
    let mut row = rows.into_iter().next().unwrap_or_default().into_iter();
    let mut number = || row.next().flatten().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let (ms, hidden) = (number(), number());
    if hidden > 0 {
        return Err(Error::NoLag { why: "the role may not see the replicas: GRANT pg_monitor" });
    }
    Ok(Duration::from_millis(ms))
}
