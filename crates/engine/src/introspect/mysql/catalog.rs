//! Puts the kinds together.

use xtask_db_schema::Unmodelled;
use xtask_db_schema::mysql::{Catalog, Flavor, Server};

use super::printed::{Printed, rows};
use super::{stored, tables, triggers, views};
use crate::reset::Keep;
use crate::{Error, Scope, Session};

/// A mode changes how texts are printed: `ANSI_QUOTES` the quotes of names, `NO_FIELD_OPTIONS` and
/// its kin what is left out.
const READING: &str = "SET SESSION sql_quote_show_create = 1, sql_mode = ''";

/// Everything in the scope.
pub(in crate::introspect) async fn catalog(
    session: &mut Session,
    scope: &Scope,
) -> Result<Catalog, Error> {
    session.fresh().await?;
    let [mode] =
        rows(session, "SELECT @@SESSION.sql_mode").await?.into_iter().next().unwrap_or_default();
    session.tool("setting the session up to read the catalog", READING).await?;
    let read = read(session, scope, mode).await;
    let fresh = session.fresh().await;
    let catalog = read?;
    fresh.map(|()| catalog)
}

async fn read(session: &mut Session, scope: &Scope, sql_mode: String) -> Result<Catalog, Error> {
    let keep = Keep::of(scope, &session.names);
    let flavor = match session.server().name {
        "MySQL" => Flavor::MySql,
        _ => Flavor::MariaDb,
    };
    let server = Server { flavor, backslash_escapes: session.syntax().backslash_escapes };
    let database = session.server().database.clone();
    let printed = Printed { keep, server, database, sql_mode };
    let mut catalog = Catalog { server: Some(server), ..Catalog::default() };
    tables::read(session, &printed, &mut catalog).await?;
    views::read(session, &printed, &mut catalog).await?;
    triggers::read(session, &printed, &mut catalog).await?;
    stored::read(session, &printed, &mut catalog).await?;
    catalog.unmodelled.sort();
    catalog.unmodelled.dedup();
    Ok(catalog)
}

/// Names what is not in the model.
pub(super) fn name(catalog: &mut Catalog, kind: &str, name: &str) {
    catalog.unmodelled.push(Unmodelled { kind: kind.to_owned(), name: name.to_owned() });
}
