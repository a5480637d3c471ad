//! A file that is exactly one `BEGIN … COMMIT` block: it keeps its block, since real histories set
//! the isolation level there. The ledger row is written before its COMMIT.

use std::time::Instant;

use crate::apply::{Book, Job, Ran, failure, rebuild, statements, transaction, verify};
use crate::error::LeftAs;
use crate::{Error, Failpoint, Observer, Session};
use xtask_db_sql::Dialect;

/// Runs the file once; `transaction` tries again where that is worth it.
pub(super) async fn once(
    session: &mut Session,
    job: &Job<'_>,
    book: &mut Book<'_>,
    started: Instant,
    observer: &mut dyn Observer,
) -> Result<Ran, Error> {
    let rebuild = rebuild::Guard::of(job);
    session.fresh().await?;
    if transaction::already(session, book).await? {
        return Ok(Ran::Already);
    }
    // Outside the block: nothing may run between its BEGIN and its first statement.
    let before = rebuild.before(session).await?;
    if rebuild.foreign_keys_off() {
        session.tool("opening a transaction", "PRAGMA foreign_keys = OFF").await?;
    }
    let last = job.script.statements.len() - 1;
    let mut first = 0;
    if !session.direct() {
        // No query, so that the file may still choose its isolation level.
        statements::run(session, job, 0..1, LeftAs::Untouched, observer).await?;
        session.fresh().await?;
        first = 1;
    }
    statements::run(session, job, first..last, LeftAs::Untouched, observer).await?;
    rebuild.after(session, job, before).await?;
    if let Book::Apply { migration, .. } = book {
        verify(session, migration, LeftAs::Untouched).await?;
    }
    if session.dialect() == Dialect::Postgres && job.sets_role() {
        session.own_role().await?;
    }
    book.keep(session, observer).await?;
    if !book.finish(session, started, job.len()).await? {
        session.tool("closing the transaction", "ROLLBACK").await?;
        return Ok(Ran::Already);
    }
    if !session.direct() {
        let doing = "resetting the session";
        let reset = session.run("RESET SESSION AUTHORIZATION; RESET ALL").await;
        reset.map_err(|error| Error::Server { doing, error })?;
    }
    Failpoint::RowWritten.reached().await?;
    let commit = session.run(job.sql(last)).await;
    commit.map_err(|error| failure::at(job, last, LeftAs::Untouched, error))?;
    Failpoint::Committed.reached().await?;
    rebuild.restore(session).await?;
    Ok(Ran::Done(job.len()))
}
