//! Which seeds ran, by the digest of their text.

use std::collections::BTreeMap;

use crate::{Error, Session, meta};

/// The meta keys of seeds that ran, and what is remembered of each.
///
/// # Errors
/// The meta table cannot be read.
pub async fn seeds_run(session: &mut Session) -> Result<BTreeMap<String, String>, Error> {
    let mut values = meta::read(session).await?;
    values.retain(|key, _| key.starts_with("seed:"));
    Ok(values)
}

/// Remembers that a script ran.
///
/// # Errors
/// The meta table cannot be written.
pub async fn remember_seed(session: &mut Session, key: &str, value: &str) -> Result<(), Error> {
    let sql = meta::put(session, key, value);
    session.tool("recording the seeds", &sql).await.map(drop)
}
