//! Puts the kinds together.

use xtask_db_schema::sqlite::Catalog;

use crate::{Error, Scope, Session};

/// Everything in the scope.
pub(in crate::introspect) async fn catalog(
    _session: &mut Session,
    _scope: &Scope,
) -> Result<Catalog, Error> {
    Ok(Catalog::default())
}
