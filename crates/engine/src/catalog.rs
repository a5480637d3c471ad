//! The little that is asked of a catalog here: which tables and views there are.

use xtask_db_sql::Dialect;

use crate::{Error, Session};

/// Tables and views of the session's schema, ledgers included; objects of extensions are left out.
pub(crate) async fn relations(session: &mut Session) -> Result<Vec<String>, Error> {
    let sql = match session.dialect() {
        Dialect::Sqlite => "SELECT name FROM main.sqlite_schema WHERE type IN ('table', 'view') \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            .to_owned(),
        Dialect::Postgres => format!(
            "SELECT c.relname FROM pg_catalog.pg_class c \
             WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {}) \
             AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT 1 FROM \
             pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass \
             AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1",
            session.lit(session.names.schema.as_deref().unwrap_or_default())
        ),
        Dialect::Mysql => "SELECT TABLE_NAME FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1"
            .to_owned(),
    };
    let rows = session.read("reading the catalog", &sql).await?;
    Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
}
