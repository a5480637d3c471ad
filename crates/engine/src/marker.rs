//! The environment marker in the database.

use crate::lock::Held;
use crate::{Actor, Error, Ledger, Session, Silent, catalog, ledger, lock, meta};

/// The meta key of the marker.
pub(crate) const KEY: &str = "environment";
/// The marker under which a database may be thrown away.
pub(crate) const DEVELOPMENT: &str = "development";

/// The meta key of the stored policy.
const POLICY: &str = "policy";
/// The only policy there is.
const REQUIRED: &str = "backup=required";

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
        policy: values.remove(POLICY),
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

/// The database's stored policy requires a backup before each deploy.
pub(crate) fn requires_backup(ledger: &Ledger) -> bool {
    ledger.meta.get(POLICY).is_some_and(|policy| policy == REQUIRED)
}

/// Stores the policy under the lock: it also binds who deploys without the configuration.
pub(crate) async fn store_policy(
    session: &mut Session,
    held: &Held,
    required: bool,
) -> Result<(), Error> {
    held.verify(session).await?;
    let sql = match required {
        true => meta::put(session, POLICY, REQUIRED),
        false => meta::remove(session, POLICY),
    };
    session.tool("storing the policy", &sql).await.map(drop)
}
