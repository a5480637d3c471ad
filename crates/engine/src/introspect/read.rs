//! One server's catalog, by its dialect.

use xtask_db_schema::Catalog;
use xtask_db_sql::Dialect;

use super::{mysql, postgres, sqlite};
use crate::{Error, Scope, Session};

/// Reads what is in the managed scope. The tool's own tables, other tools' ledgers, objects of
/// extensions and what the scope ignores are left out. Changes nothing.
///
/// # Errors
/// The catalog cannot be read.
pub async fn introspect(session: &mut Session, scope: &Scope) -> Result<Catalog, Error> {
    match session.dialect() {
        Dialect::Sqlite => sqlite::catalog(session, scope).await.map(Catalog::Sqlite),
        Dialect::Postgres => postgres::catalog(session, scope).await.map(Catalog::Postgres),
        Dialect::Mysql => mysql::catalog(session, scope).await.map(Catalog::Mysql),
    }
}
