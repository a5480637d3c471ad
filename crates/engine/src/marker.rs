//! The environment marker in the database.

use crate::lock::Held;
use crate::{Actor, Error, Session, Silent, catalog, ledger, lock, meta};

/// The meta key of the marker.
pub(crate) const KEY: &str = "environment";
/// The marker under which a database may be thrown away.
pub(crate) const DEVELOPMENT: &str = "development";

/// The marker as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The environment's name; none: never stamped.
    pub environment: Option<String>,
    /// The database has tables or views that are not the tool's.
    pub objects: u64,
    /// The stored policy, e.g. `backup=required`.
    pub policy: Option<String>,
}

/// Reads the marker. Creates nothing.
///
/// # Errors
/// The meta table cannot be read.
pub async fn marker(session: &mut Session) -> Result<Marker, Error> {
    let mut values = meta::read(session).await?;
    let relations = catalog::relations(session).await?;
    let objects = relations.iter().filter(|name| !session.names.is_own(name)).count();
    Ok(Marker {
        environment: values.remove(KEY),
        objects: objects as u64,
        policy: values.remove("policy"),
    })
}

/// Stamps the marker; creates the tool's tables when they are missing.
///
/// # Errors
/// The meta table cannot be written, or another deployer is at work.
pub async fn set_marker(
    session: &mut Session,
    environment: &str,
    actor: &Actor,
) -> Result<(), Error> {
    let held = lock::acquire(session, lock::WAIT_DEFAULT, actor, &mut Silent).await?;
    let stamped = stamp(session, &held, environment).await;
    lock::release(session, held).await.and(stamped)
}

/// Stamps the marker under the lock.
pub(crate) async fn stamp(
    session: &mut Session,
    held: &Held,
    environment: &str,
) -> Result<(), Error> {
    ledger::ensure(session).await?;
    held.verify(session).await?;
    let sql = meta::put(session, KEY, environment);
    session.tool("stamping the environment", &sql).await.map(drop)
}
