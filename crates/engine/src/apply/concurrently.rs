//! `CREATE INDEX CONCURRENTLY` that was interrupted. PostgreSQL leaves an INVALID index then, which
//! `IF NOT EXISTS` would take for the finished one; it is dropped and built again.

use std::time::{Duration, Instant};

use xtask_db_sql::{Dialect, ObjectKind, ObjectRef, ident};

use crate::apply::Job;
use crate::conn::Conn;
use crate::{DbError, Error, Event, Observer, Session};

/// The shortest time between two looks.
const LOOK_MIN: Duration = Duration::from_millis(200);

/// What a catalog says of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Index {
    Absent,
    Valid,
    /// Its qualified, quoted name.
    Invalid(String),
}

/// The index that a statement builds or drops concurrently; none for any other statement.
fn built<'j>(session: &Session, job: &'j Job<'_>, at: usize) -> Option<&'j ObjectRef> {
    let effects = &job.script.statements[at].effects;
    let first = job.sql(at).split_whitespace().next().unwrap_or_default();
    let creates = ["create", "drop"].iter().any(|word| first.eq_ignore_ascii_case(word));
    let concurrently = effects.concurrently && session.dialect() == Dialect::Postgres;
    effects.objects.iter().find(|o| concurrently && creates && o.kind == ObjectKind::Index)
}

/// What became of the index that a statement builds; none when the statement builds none, or its
/// name cannot be told.
pub(super) async fn look(
    session: &mut Session,
    job: &Job<'_>,
    at: usize,
) -> Result<Option<Index>, Error> {
    let Some(index) = built(session, job, at) else { return Ok(None) };
    // A name that was not quoted is folded to lower case by the server.
    let quoted = job.sql(at).contains(&ident(Dialect::Postgres, &index.name));
    let name = if quoted { index.name.clone() } else { index.name.to_lowercase() };
    let name = session.lit(&name);
    let schema = match &index.schema {
        Some(schema) => format!("n.nspname = {}", session.lit(schema)),
        None => "n.nspname = ANY (current_schemas(false))".to_owned(),
    };
    let sql = format!(
        "SELECT n.nspname, c.relname, i.indisvalid FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relname = {name} AND {schema} \
         ORDER BY array_position(current_schemas(false), n.nspname)"
    );
    let rows = session.read("reading the catalog", &sql).await?;
    let Some([Some(schema), Some(name), valid]) = rows.first().map(Vec::as_slice) else {
        return Ok(Some(Index::Absent));
    };
    if valid.as_deref() == Some("t") {
        return Ok(Some(Index::Valid));
    }
    let name = format!("{}.{}", ident(Dialect::Postgres, schema), ident(Dialect::Postgres, name));
    Ok(Some(Index::Invalid(name)))
}

/// query_canceled.
const CANCELLED: &str = "57014";
/// How often it is looked whom a build waits for.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What came of a statement that waits for others.
pub(super) enum Waited {
    Ran(Result<u64, DbError>),
    /// It was cancelled at the limit.
    Cancelled,
}

/// Runs a statement that waits for the transactions of others, and tells which. After `limit` it is
/// cancelled.
pub(super) async fn run(
    session: &mut Session,
    sql: &str,
    limit: Duration,
    observer: &mut dyn Observer,
) -> Waited {
    let Some(backend) = session.backend().map(str::to_owned) else {
        return Waited::Ran(session.run(sql).await);
    };
    let target = session.target().clone();
    let started = Instant::now();
    let mut control = None;
    let mut running = std::pin::pin!(session.run(sql));
    loop {
        let left = limit.saturating_sub(started.elapsed());
        let look = LOOK_EVERY.min(left.max(LOOK_MIN));
        if let Ok(done) = tokio::time::timeout(look, &mut running).await {
            if let Some(control) = control {
                Conn::close(control).await;
            }
            let cancelled =
                done.as_ref().is_err_and(|error| error.code.as_deref() == Some(CANCELLED));
            let late = started.elapsed() >= limit;
            return if late && cancelled { Waited::Cancelled } else { Waited::Ran(done) };
        }
        if control.is_none() {
            control = Conn::of(&target).await.ok();
        }
        let Some(control) = &mut control else { continue };
        if started.elapsed() >= limit {
            let _ = control.run(&format!("SELECT pg_cancel_backend({backend})")).await;
            continue;
        }
        for blocker in blockers(control, &backend).await {
            observer.on(Event::Notice(&format!("the index waits for {blocker}")));
        }
    }
}

/// Who is in the way of a server session, each in a few words.
async fn blockers(control: &mut Conn, backend: &str) -> Vec<String> {
    let sql = format!(
        "SELECT pid, application_name, coalesce(state, 'of another user'), \
         extract(epoch FROM clock_timestamp() - xact_start)::int \
         FROM pg_catalog.pg_stat_activity WHERE pid = ANY (pg_blocking_pids({backend}))"
    );
    let rows = control.rows(&sql).await.unwrap_or_default();
    let told = rows.into_iter().map(|row| {
        let text = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        format!("server session {} ({}, {}, {} s)", text(0), text(1), text(2), text(3))
    });
    told.collect()
}

/// Takes the limit off the wait for locks; returns the statement that puts it back.
pub(super) async fn patient(session: &mut Session) -> Result<Option<String>, Error> {
    if !session.direct() {
        // Behind a pooler there is no session to set it for.
        return Ok(None);
    }
    let doing = "setting lock_timeout";
    let rows = session.read(doing, "SELECT current_setting('lock_timeout')").await?;
    let kept = rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten();
    session.tool(doing, "SET lock_timeout = 0").await?;
    let kept = session.lit(kept.as_deref().unwrap_or("0"));
    Ok(Some(format!("SELECT set_config('lock_timeout', {kept}, false)")))
}

/// Drops the INVALID index that an interrupted build of this statement left.
pub(super) async fn clear(session: &mut Session, job: &Job<'_>, at: usize) -> Result<(), Error> {
    let creates = job.sql(at).get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create"));
    if creates && let Some(Index::Invalid(name)) = look(session, job, at).await? {
        let sql = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
        let doing = "dropping an INVALID index";
        session.run(&sql).await.map_err(|error| Error::Server { doing, error })?;
    }
    Ok(())
}
