//! One statement, timed, and what it has locked.

use std::time::Instant;

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

use crate::apply::Job;
use crate::{DbError, Event, LockTaken, Observer, Session};

/// Runs a statement and tells how it went.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    at: usize,
    observer: &mut dyn Observer,
) -> Result<(), DbError> {
    let started = Instant::now();
    let rows = session.run(job.sql(at)).await?;
    tell(session, job, at, (rows, started), observer).await
}

/// Tells that a statement is done.
pub(super) async fn tell(
    session: &mut Session,
    job: &Job<'_>,
    at: usize,
    (rows, started): (u64, Instant),
    observer: &mut dyn Observer,
) -> Result<(), DbError> {
    let took = started.elapsed();
    let locks = if opens(job.sql(at)) { Vec::new() } else { locks(session).await? };
    let statement = u32::try_from(at + 1).unwrap_or(u32::MAX);
    // After another statement, SQLite goes on to report the last one that wrote rows.
    let stale = session.dialect() == Dialect::Sqlite && !writes_rows(job.sql(at));
    let rows = if stale { 0 } else { rows };
    observer.on(Event::Ran { statement, sql: job.sql(at), rows, took, locks: &locks });
    Ok(())
}

/// SQLite: whether a statement is one of those that its count of changed rows is about.
fn writes_rows(sql: &str) -> bool {
    let tokens = lex(sql, Syntax::of(Dialect::Sqlite));
    let first = tokens.iter().find(|token| token.kind == TokenKind::Word);
    let first = first.map_or("", |token| &sql[token.span.range()]);
    ["insert", "update", "delete", "replace", "with"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

/// A query after it would be the transaction's first, and an isolation level could not be set any
/// more.
fn opens(sql: &str) -> bool {
    let first = sql.split_whitespace().next().unwrap_or_default();
    ["begin", "start", "set"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// What the open transaction has locked; nothing where there is none, or it is not traced.
async fn locks(session: &mut Session) -> Result<Vec<LockTaken>, DbError> {
    if !session.traces_locks || session.dialect() != Dialect::Postgres {
        return Ok(Vec::new());
    }
    // What reading takes is in nobody's way.
    let rows = session
        .rows(
            "SELECT DISTINCT coalesce(c.oid::regclass::text, 'what was dropped'), l.mode \
             FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation \
             WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.locktype = 'relation' \
             AND l.relation >= 16384 AND coalesce(c.relkind, 'r') IN ('r', 'p', 'm') \
             AND coalesce(c.relname, '') NOT LIKE '\\_xtask\\_db\\_%' \
             AND l.mode NOT IN ('AccessShareLock', 'RowShareLock') ORDER BY 1, 2",
        )
        .await?;
    let taken = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        Some(LockTaken { relation: row.next()??, mode: row.next()?? })
    };
    Ok(rows.into_iter().filter_map(taken).collect())
}
