//! Empties the managed scope of a database.
//!
//! Invariant: nothing outside the list that [`objects`] shows is dropped with what is in it.

mod mysql;
mod postgres;
mod sqlite;
mod sweep;

use std::time::Instant;

use xtask_db_sql::{Dialect, ident};

use crate::lock::{self, Held};
use crate::{Actor, Error, Session, Silent, runs};

pub(crate) use sweep::Keep;
use sweep::Sweep;

/// The meta keys that outlive a reset: what the database is, not what was done to it.
const META_KEPT: &str = "'format', 'environment', 'policy', 'search_path', 'tool'";

/// What belongs to the project.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// PostgreSQL schemas; empty: the session's current one.
    pub schemas: Vec<String>,
    /// Names that are never dropped; `*` stands for any characters.
    pub ignore: Vec<String>,
}

/// What `reset` would drop, for showing: `table users`, `view active_users`, in order. The tool's
/// own tables are emptied, not dropped, and not listed.
///
/// # Errors
/// The catalog cannot be read.
pub async fn objects(session: &mut Session, scope: &Scope) -> Result<Vec<String>, Error> {
    let keep = Keep::of(scope, &session.names);
    Ok(plan(session, &scope.schemas, &keep).await?.shown)
}

/// Drops everything in the scope and empties the ledger, under the deploy lock; the marker stays.
/// Other tools' ledgers, objects of extensions and what `ignore` names stay. Returns what was
/// dropped.
///
/// # Errors
/// `Error::Id` when something that stays depends on what would go; something cannot be dropped.
/// Where DDL can be rolled back nothing was dropped then.
pub async fn reset(session: &mut Session, scope: &Scope) -> Result<Vec<String>, Error> {
    let actor = Actor { command: "reset".to_owned(), ..Actor::default() };
    let held = lock::acquire(session, lock::WAIT_DEFAULT, &actor, &mut Silent).await?;
    let done = locked(session, scope, &held, &actor).await;
    let fresh = session.fresh().await;
    let released = lock::release(session, held).await;
    let dropped = done?;
    fresh.and(released).map(|()| dropped)
}

async fn locked(
    session: &mut Session,
    scope: &Scope,
    held: &Held,
    actor: &Actor,
) -> Result<Vec<String>, Error> {
    let started = Instant::now();
    let keep = Keep::of(scope, &session.names);
    open(session).await?;
    let done = async {
        let sweep = plan(session, &scope.schemas, &keep).await?;
        held.verify(session).await?;
        // Before anything goes: a run that is cut short where DDL cannot be rolled back must not
        // leave a ledger of what is gone.
        let forget = format!(
            "DELETE FROM {}; DELETE FROM {} WHERE {} NOT IN ({META_KEPT})",
            session.names.ledger,
            session.names.meta,
            ident(session.dialect(), "key")
        );
        session.tool("emptying the ledger", &forget).await?;
        carry_out(session, &sweep).await?;
        runs::write(session, held, actor, started, "ok", &sweep.shown.join("\n")).await?;
        Ok(sweep.shown)
    }
    .await;
    close(session, done.is_ok()).await?;
    done
}

/// Drops everything but what is kept, in these schemas of PostgreSQL; for a shadow, which has no
/// ledger and no lock of its own.
pub(crate) async fn empty(
    session: &mut Session,
    schemas: &[String],
    keep: &Keep,
) -> Result<(), Error> {
    open(session).await?;
    let done = async {
        let sweep = plan(session, schemas, keep).await?;
        carry_out(session, &sweep).await
    }
    .await;
    close(session, done.is_ok()).await?;
    session.fresh().await.and(done)
}

/// What [`empty`] would drop.
pub(crate) async fn listed(
    session: &mut Session,
    schemas: &[String],
    keep: &Keep,
) -> Result<Vec<String>, Error> {
    Ok(plan(session, schemas, keep).await?.shown)
}

async fn plan(session: &mut Session, schemas: &[String], keep: &Keep) -> Result<Sweep, Error> {
    match session.dialect() {
        Dialect::Sqlite => sqlite::plan(session, keep).await,
        Dialect::Postgres => postgres::plan(session, schemas, keep).await,
        Dialect::Mysql => mysql::plan(session, keep).await,
    }
}

/// Opens a transaction in which references do not matter; MySQL has none for DDL.
async fn open(session: &mut Session) -> Result<(), Error> {
    session.fresh().await?;
    let sql = match session.dialect() {
        Dialect::Sqlite => "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN",
        Dialect::Mysql => "SET SESSION foreign_key_checks = 0",
    };
    session.tool("opening a transaction", sql).await.map(drop)
}

async fn close(session: &mut Session, done: bool) -> Result<(), Error> {
    match (session.dialect(), done) {
        (Dialect::Mysql, _) => Ok(()),
        (_, true) => session.tool("committing the reset", "COMMIT").await.map(drop),
        (_, false) => {
            let _ = session.run("ROLLBACK").await;
            Ok(())
        }
    }
}

async fn carry_out(session: &mut Session, sweep: &Sweep) -> Result<(), Error> {
    let before = match session.dialect() {
        Dialect::Postgres => postgres::others(session, &sweep.oids).await?,
        _ => Vec::new(),
    };
    for statement in &sweep.statements {
        session.tool("dropping the objects", statement).await?;
    }
    if session.dialect() == Dialect::Postgres {
        let after = postgres::others(session, &sweep.oids).await?;
        sweep::refuse_lost(&before, &after)?;
    }
    Ok(())
}
