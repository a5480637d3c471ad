//! Empties the managed scope of a database.

use crate::{Error, Session};

/// What belongs to the project.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// PostgreSQL schemas; empty: the session's current one.
    pub schemas: Vec<String>,
    /// Names that are never dropped; `*` stands for any characters.
    pub ignore: Vec<String>,
}

/// What `reset` would drop, for showing: `table users`, `view active_users`, in order.
///
/// # Errors
/// The catalog cannot be read.
pub async fn objects(session: &mut Session, scope: &Scope) -> Result<Vec<String>, Error> {
    let _ = (session, scope);
    todo!()
}

/// Drops everything in the scope, the ledger's tables included, and writes the marker again. Other
/// tools' ledgers, objects of extensions and what `ignore` names stay.
///
/// # Errors
/// Something cannot be dropped; where DDL can be rolled back nothing was dropped then.
pub async fn reset(session: &mut Session, scope: &Scope) -> Result<Vec<String>, Error> {
    let _ = (session, scope);
    todo!()
}
