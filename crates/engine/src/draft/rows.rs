//! Rows on a shadow.

use xtask_db_schema::{Catalog, Relation, RelationKind};
use xtask_db_sql::{Dialect, ident};

use crate::{Error, Session};

/// Removes every row of every table, whatever refers to what.
pub(super) async fn clear(session: &mut Session, catalog: &Catalog) -> Result<(), Error> {
    let dialect = session.dialect();
    let relations = catalog.relations();
    let tables = relations.iter().filter(|relation| relation.kind == RelationKind::Table);
    let names: Vec<String> = tables.map(|table| qualified(dialect, table)).collect();
    if names.is_empty() {
        return Ok(());
    }
    let sql = match dialect {
        Dialect::Postgres => format!("TRUNCATE {} CASCADE", names.join(", ")),
        Dialect::Sqlite => format!("PRAGMA foreign_keys = OFF; {}", delete(&names)),
        Dialect::Mysql => format!("SET SESSION foreign_key_checks = 0; {}", delete(&names)),
    };
    session.tool("emptying the tables of the shadow", &sql).await?;
    session.fresh().await
}

fn delete(names: &[String]) -> String {
    let each: Vec<String> = names.iter().map(|name| format!("DELETE FROM {name}")).collect();
    each.join("; ")
}

fn qualified(dialect: Dialect, relation: &Relation) -> String {
    let name = ident(dialect, &relation.name);
    match &relation.schema {
        Some(schema) => format!("{}.{name}", ident(dialect, schema)),
        None => name,
    }
}
