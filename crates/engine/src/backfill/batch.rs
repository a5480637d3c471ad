//! One batch: the progress row is locked, the next bound is found, the statement runs, and the
//! progress is written, all in one transaction.

use std::time::{Duration, Instant};

use xtask_db_history::Migration;
use xtask_db_sql::Dialect;

use super::BackfillText;
use super::key::{self, KeyKind, shown};
use super::pace::Pace;
use super::progress::{Progress, select_for_update};
use super::state::BackfillState;
use crate::apply::Job;
use crate::{DbError, Error, Failpoint, Failure, LeftAs, Session};

const DOING: &str = "running a batch";

/// What batches need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) migration: &'a Migration,
    pub(super) text: &'a BackfillText,
    pub(super) row_id: &'a str,
}

/// What came of a try.
#[derive(Debug)]
pub(super) enum Batch {
    /// A batch is committed; how long it held rows.
    Ran(Progress, Duration),
    /// There is nothing left to walk.
    Walked,
    /// A person holds the backfill.
    Paused,
    /// Another runner has come to the end.
    Done,
    /// The migration is not applied any more.
    Gone,
}

/// Runs the next batch. `since`: when the time began that is counted with it.
///
/// # Errors
/// The transaction is rolled back then. `Error::BackfillFailed` for the statement.
pub(super) async fn one(
    session: &mut Session,
    walk: &Walk<'_>,
    pace: &Pace,
    since: Instant,
) -> Result<Batch, Error> {
    let done = inside(session, walk, pace, since).await;
    match done {
        Ok(batch @ Batch::Ran(..)) => {
            Failpoint::BatchCommitted.reached().await?;
            Ok(batch)
        }
        other => {
            let _ = session.run("ROLLBACK").await;
            other
        }
    }
}

async fn inside(
    session: &mut Session,
    walk: &Walk<'_>,
    pace: &Pace,
    since: Instant,
) -> Result<Batch, Error> {
    let doing = |error| Error::Server { doing: DOING, error };
    let settings = if session.direct() { "" } else { session.prelude() };
    let select = select_for_update(session, walk.row_id);
    let open = format!("{}; {settings}{select}", session.begin());
    let mut row = session.rows(&open).await.map_err(doing)?.into_iter().next().unwrap_or_default();
    let current = row.pop().flatten().is_some_and(|count| count == "1");
    let Some(value) = row.pop().flatten().filter(|_| current) else { return Ok(Batch::Gone) };
    let mut progress = Progress::read(&value)?;
    match progress.state {
        BackfillState::Done => return Ok(Batch::Done),
        BackfillState::Running if progress.walked => return Ok(Batch::Walked),
        BackfillState::Running => {}
        BackfillState::Waiting | BackfillState::Paused => return Ok(Batch::Paused),
    }
    Failpoint::BatchOpened.reached().await?;
    let started = Instant::now();
    let to = bound(session, walk, &progress, pace).await?;
    let last = to.is_none();
    let Some(to) = to.or_else(|| progress.end.clone()) else { return Ok(Batch::Walked) };
    let (from, upto) = (&progress.from, &to);
    let sql = walk
        .text
        .sql(&literal(session, progress.kind, from)?, &literal(session, progress.kind, upto)?);
    let ran = session.run(&limited(session, pace, &sql)).await;
    let rows = ran.map_err(|error| failed(session, walk, &progress, error))?;
    Failpoint::BatchRan.reached().await?;
    let left = progress.total.saturating_sub(progress.keys);
    progress.keys += if last { left.min(pace.size) } else { pace.size };
    progress.rows += rows;
    progress.batches += 1;
    progress.size = pace.size;
    progress.walked = last;
    progress.from = to;
    progress.spent_ms += u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
    // The time of the statement must not end the COMMIT.
    let free = if session.dialect() == Dialect::Postgres {
        "SET LOCAL statement_timeout = 0; "
    } else {
        ""
    };
    let write = progress.update_sql(session, walk.row_id)?;
    session.run(&format!("{free}{write}")).await.map_err(doing)?;
    Failpoint::BatchWritten.reached().await?;
    session.commit().await.map_err(doing)?;
    Ok(Batch::Ran(progress, started.elapsed()))
}

/// The last key of a full batch; none when there are fewer keys than that up to the end.
async fn bound(
    session: &mut Session,
    walk: &Walk<'_>,
    progress: &Progress,
    pace: &Pace,
) -> Result<Option<String>, Error> {
    let Some(end) = &progress.end else { return Ok(None) };
    let BackfillText { table, column, .. } = walk.text;
    let limits = match session.dialect() {
        Dialect::Postgres => format!(
            "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}; ",
            pace.lock_wait().as_millis(),
            pace.limit().unwrap_or_default().as_millis()
        ),
        _ => String::new(),
    };
    let sql = format!(
        "{limits}SELECT {shown} FROM {table} WHERE {column} > {from} AND {column} <= {end} \
         ORDER BY {column} LIMIT 1 OFFSET {offset}",
        shown = shown(session.dialect(), column),
        from = literal(session, progress.kind, &progress.from)?,
        end = literal(session, progress.kind, end)?,
        offset = pace.size - 1,
    );
    let rows = session.rows(&sql).await;
    let rows = rows.map_err(|error| Error::Server { doing: DOING, error })?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
}

/// MariaDB: with the time it may take. PostgreSQL has been told; MySQL cannot be.
fn limited(session: &Session, pace: &Pace, sql: &str) -> String {
    match pace.limit() {
        Some(limit) if session.server().name == "MariaDB" => {
            format!("SET STATEMENT max_statement_time = {} FOR {sql}", limit.as_secs_f64())
        }
        _ => sql.to_owned(),
    }
}

fn literal(session: &Session, kind: KeyKind, value: &str) -> Result<String, Error> {
    kind.literal(session, value).ok_or_else(|| Error::Server {
        doing: DOING,
        error: DbError::unexpected(&format!("{value} is not a key of its column")),
    })
}

/// The statement of a batch failed. Its place in the file is the whole statement's: what ran had
/// other bounds in it.
fn failed(session: &Session, walk: &Walk<'_>, progress: &Progress, error: DbError) -> Error {
    match failure(session, walk.migration, error) {
        Ok(failure) => Error::BackfillFailed { batches: progress.batches, failure },
        Err(error) => Error::Server { doing: DOING, error },
    }
}

fn failure(
    session: &Session,
    migration: &Migration,
    error: DbError,
) -> Result<Box<Failure>, DbError> {
    let read = |file| Job::read(Some(&migration.id), file, session.syntax());
    let Some((file, Ok(job))) = migration.backfill.as_ref().map(|file| (file, read(file))) else {
        return Err(error);
    };
    Ok(Box::new(Failure {
        id: Some(migration.id.clone()),
        path: file.path.to_string(),
        text: file.text.to_string(),
        span: job.script.statements[0].span,
        statement: 1,
        statements: 1,
        error: DbError { offset: None, ..error },
        left: LeftAs::Untouched,
    }))
}

/// On a shadow: all keys at once, without progress. Its rows are those that earlier migrations put
/// there, and a later one may need them filled.
///
/// # Errors
/// `Error::BackfillText`, `Error::Failed`.
pub(crate) async fn at_once(session: &mut Session, migration: &Migration) -> Result<(), Error> {
    let Some(text) = BackfillText::read(migration, session.syntax())? else { return Ok(()) };
    let path = migration.backfill.as_ref().map_or_else(String::new, |file| file.path.to_string());
    let id = &migration.id;
    let refused = |problem| Error::BackfillText { id: id.clone(), path: path.clone(), problem };
    let Some(span) = key::span(session, &text, &refused).await? else { return Ok(()) };
    let sql = text
        .sql(&literal(session, span.kind, &span.from)?, &literal(session, span.kind, &span.end)?);
    let Err(error) = session.run(&sql).await else { return Ok(()) };
    Err(match failure(session, migration, error) {
        Ok(failure) => Error::Failed(failure),
        Err(error) => Error::Server { doing: DOING, error },
    })
}

/// Another transaction is in the way, or the batch took too long: a smaller one may pass. 57014 and
/// MariaDB's 1969: the time of a statement is over; 40001, 40P01 and MySQL's 1213: the server
/// chose to end this one.
pub(super) fn passes(error: &Error) -> bool {
    let error = match error {
        Error::Server { error, .. } => error,
        Error::BackfillFailed { failure, .. } => &failure.error,
        _ => return false,
    };
    let code = error.code.as_deref().unwrap_or_default();
    error.lock_wait()
        || error.busy()
        || ["57014", "40001", "40P01"].contains(&code)
        || matches!(error.number, Some(1213 | 1969))
}
