//! Puts the kinds together.

use xtask_db_schema::postgres::Catalog;

use super::reader::Reader;
use super::{
    columns, composites, constraints, depends, domains, extensions, grants, indexes, namespaces,
    policies, routines, sequences, tables, triggers, types, unmodelled, views,
};
use crate::{Error, Scope, Session};

/// Everything in the scope.
pub(in crate::introspect) async fn catalog(
    session: &mut Session,
    scope: &Scope,
) -> Result<Catalog, Error> {
    session.fresh().await?;
    let read = read(session, scope).await;
    if read.is_err() {
        let _ = session.run("ROLLBACK").await;
    }
    let fresh = session.fresh().await;
    let catalog = read?;
    fresh.map(|()| catalog)
}

/// A kind comes after those it belongs to: a column after its table.
async fn read(session: &mut Session, scope: &Scope) -> Result<Catalog, Error> {
    let mut reader = Reader::open(session, scope).await?;
    namespaces::read(&mut reader).await?;
    extensions::read(&mut reader).await?;
    types::read(&mut reader).await?;
    domains::read(&mut reader).await?;
    composites::read(&mut reader).await?;
    tables::read(&mut reader).await?;
    columns::read(&mut reader).await?;
    sequences::read(&mut reader).await?;
    constraints::read(&mut reader).await?;
    views::read(&mut reader).await?;
    indexes::read(&mut reader).await?;
    routines::read(&mut reader).await?;
    triggers::read(&mut reader).await?;
    policies::read(&mut reader).await?;
    grants::read(&mut reader).await?;
    unmodelled::read(&mut reader).await?;
    depends::read(&mut reader).await?;
    reader.catalog.unmodelled.sort();
    reader.catalog.unmodelled.dedup();
    reader.close().await
}
