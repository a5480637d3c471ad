//! The environment marker in the database.

use crate::{Error, Session};

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
    let _ = session;
    todo!()
}

/// Stamps the marker; creates the tool's tables when they are missing.
///
/// # Errors
/// The meta table cannot be written.
pub async fn set_marker(session: &mut Session, environment: &str) -> Result<(), Error> {
    let _ = (session, environment);
    todo!()
}
