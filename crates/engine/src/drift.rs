//! Whether a database is still what the last deploy left: by a fingerprint, without a shadow.
//!
//! Invariant: a fingerprint is compared only with one of the same tool, server and scope; who
//! changes the schema removes it first.

use xtask_db_schema::Fingerprint;

use crate::{Error, Event, Observer, Scope, Session, introspect, meta};

/// The meta key.
const KEY: &str = "fingerprint";

/// How a deploy looks for drift.
#[derive(Debug, Clone)]
pub struct DriftCheck {
    /// What is looked at.
    pub scope: Scope,
    /// Refuse to go on.
    pub stop: bool,
}

/// Compares. None: there is nothing to compare with, or it cannot be read, which is told.
pub(crate) async fn found(
    session: &mut Session,
    check: &DriftCheck,
    observer: &mut dyn Observer,
) -> Result<Option<bool>, Error> {
    let Some(kept) = meta::get(session, KEY).await? else { return Ok(None) };
    let Some(kept) = kept.strip_prefix(&basis(session, &check.scope)) else { return Ok(None) };
    match introspect(session, &check.scope).await {
        Ok(catalog) => {
            let drifted = kept.parse() != Ok(catalog.fingerprint());
            if drifted && check.stop {
                return Err(Error::Drift);
            }
            Ok(Some(drifted))
        }
        Err(error) if check.stop => Err(error),
        Err(error) => {
            observer.on(Event::Notice(&format!("drift was not looked for: {error}")));
            Ok(None)
        }
    }
}

/// Writes down what the database is now.
pub(crate) async fn keep(session: &mut Session, scope: &Scope) -> Result<(), Error> {
    let fingerprint: Fingerprint = introspect(session, scope).await?.fingerprint();
    let value = format!("{}{fingerprint}", basis(session, scope));
    let sql = meta::put(session, KEY, &value);
    session.tool("writing the fingerprint", &sql).await.map(drop)
}

/// What the database is is about to change.
pub(crate) async fn forget(session: &mut Session) -> Result<(), Error> {
    let sql = meta::remove(session, KEY);
    session.tool("forgetting the fingerprint", &sql).await.map(drop)
}

/// What a fingerprint depends on beside the database.
fn basis(session: &Session, scope: &Scope) -> String {
    let Scope { schemas, ignore } = scope;
    let version = &session.server().version;
    format!("{} | {version} | {schemas:?} {ignore:?} | ", env!("CARGO_PKG_VERSION"))
}
