//! A file in one transaction of the tool: its statements, its verify and its ledger row commit
//! together, or nothing does.

use std::time::{Duration, Instant};

use crate::apply::{
    Book, Job, Patience, Ran, block, failure, not_again, rebuild, statements, verify,
};
use crate::error::LeftAs;
use crate::{DbError, Error, Event, Failpoint, Observer, Session, ledger};
use xtask_db_history::Row;
use xtask_db_sql::{Dialect, Shape};

/// The first pause before a transaction is tried again.
const RETRY_MIN: Duration = Duration::from_millis(100);
/// The longest pause before a transaction is tried again.
const RETRY_MAX: Duration = Duration::from_secs(5);

/// Runs the file; again, when a statement could not get a lock of the server in time.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    book: &mut Book<'_>,
    patience: Patience,
    observer: &mut dyn Observer,
) -> Result<Ran, Error> {
    let started = Instant::now();
    let mut retry = Retry::new(patience);
    loop {
        let tried = match job.shape {
            Shape::Block => {
                session.set_in_block(true);
                let done = block::once(session, job, book, started, observer).await;
                session.set_in_block(false);
                done
            }
            _ => once(session, job, book, started, observer).await,
        };
        let error = match tried {
            Ok(ran) => return Ok(ran),
            Err(error) => error,
        };
        let mut undone = Undone::of(session, job.shape == Shape::Transaction).await;
        // SQLite: a block of the file's own takes the write lock with its first write, so that
        // another deployer may have applied the file after the look for it.
        if job.shape == Shape::Block && done_meanwhile(session, book).await.unwrap_or(false) {
            session.fresh().await?;
            return Ok(Ran::Already);
        }
        if statements::lock_wait(&error) {
            let _ = session.run("ROLLBACK").await;
            undone = Undone::Ended;
            if retry.pause(&error, observer).await {
                continue;
            }
        }
        undone.then_record(session, book, started, &error).await;
        return Err(error);
    }
}

/// What a file did is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undone {
    /// With the transaction.
    Ended,
    /// SQLite: to its start. The file's write lock is kept, so that the failure is on record before
    /// another deployer meets it too.
    Open,
}

impl Undone {
    /// Undoes it. `marked`: by [`open`], and not by the file's own BEGIN.
    pub(super) async fn of(session: &mut Session, marked: bool) -> Self {
        let sqlite = session.dialect() == Dialect::Sqlite;
        // Some errors end the transaction by themselves, INSERT OR ROLLBACK for one.
        if sqlite && marked && session.run("ROLLBACK TO _xtask_db_file").await.is_ok() {
            return Self::Open;
        }
        let _ = session.run("ROLLBACK").await;
        Self::Ended
    }

    /// Records the failure.
    pub(super) async fn then_record(
        self,
        session: &mut Session,
        book: &mut Book<'_>,
        started: Instant,
        error: &Error,
    ) {
        if self == Self::Ended {
            let _ = session.fresh().await;
        }
        book.failed(session, started, error).await;
        if self == Self::Open {
            if session.run("COMMIT").await.is_err() {
                let _ = session.run("ROLLBACK").await;
            }
            let _ = session.fresh().await;
        }
    }
}

async fn once(
    session: &mut Session,
    job: &Job<'_>,
    book: &mut Book<'_>,
    started: Instant,
    observer: &mut dyn Observer,
) -> Result<Ran, Error> {
    let rebuild = rebuild::Guard::of(job);
    open(session, &rebuild).await?;
    if already(session, book).await? {
        session.tool("closing the transaction", "ROLLBACK").await?;
        return Ok(Ran::Already);
    }
    Failpoint::Opened.reached().await?;
    let before = rebuild.before(session).await?;
    let all = 0..job.script.statements.len();
    statements::run(session, job, all, LeftAs::Untouched, observer).await?;
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
    Failpoint::RowWritten.reached().await?;
    let committed = session.commit().await;
    committed.map_err(|error| failure::commit(job, LeftAs::Untouched, error))?;
    Failpoint::Committed.reached().await?;
    rebuild.restore(session).await?;
    Ok(Ran::Done(job.len()))
}

/// Brings the session to its first state and opens a transaction.
pub(super) async fn open(session: &mut Session, rebuild: &rebuild::Guard) -> Result<(), Error> {
    let foreign_keys = if rebuild.foreign_keys_off() { "PRAGMA foreign_keys = OFF; " } else { "" };
    let (prelude, begin) = (session.prelude(), session.begin());
    let sql = match session.dialect() {
        // Statements sent together are one transaction, whose isolation level is that of before.
        Dialect::Postgres if session.direct() => format!("BEGIN; {prelude}COMMIT; {begin}"),
        Dialect::Postgres => format!("{begin}; {prelude}"),
        Dialect::Sqlite => format!("{prelude}{foreign_keys}{begin}; SAVEPOINT _xtask_db_file"),
        Dialect::Mysql => format!("{prelude}{begin}"),
    };
    let opened = session.run(&sql).await.map(drop);
    opened.map_err(|error| Error::Server { doing: "opening a transaction", error })
}

/// SQLite: another deployer has done the work of this file, whatever it is at now.
async fn done_meanwhile(session: &mut Session, book: &Book<'_>) -> Result<bool, Error> {
    match book {
        Book::Apply { migration, .. } if session.dialect() == Dialect::Sqlite => {
            let rows = ledger::read_rows_of(session, migration.id.as_str()).await?;
            let applied = |row: &Row| row.finished_at.is_some() && row.rolled_back_at.is_none();
            Ok(rows.iter().any(applied))
        }
        _ => Ok(false),
    }
}

/// SQLite: the deploy lock is the file's write lock, which is held only now, so another deployer
/// may have been here since the plan was read.
pub(super) async fn already(session: &mut Session, book: &Book<'_>) -> Result<bool, Error> {
    let (Book::Apply { held, .. } | Book::Revert { held, .. }) = book else { return Ok(false) };
    if session.dialect() != Dialect::Sqlite {
        return Ok(false);
    }
    if held.leased_elsewhere(session).await? {
        return Err(held.refused(session).await);
    }
    match book {
        Book::Apply { migration, retry, .. } => {
            let rows = ledger::read_rows_of(session, migration.id.as_str()).await?;
            let applied = |row: &Row| row.finished_at.is_some() && row.rolled_back_at.is_none();
            if rows.iter().any(applied) {
                return Ok(true);
            }
            if rows.iter().any(|row| row.finished_at.is_none() && row.rolled_back_at.is_none()) {
                // Another release began it step by step: a new plan knows where it goes on.
                return Err(Error::Fenced);
            }
            match rows.last() {
                Some(last) if !retry => not_again(migration, last).map(|()| false),
                _ => Ok(false),
            }
        }
        Book::Revert { row_id, .. } => Ok(!ledger::is_current(session, row_id).await?),
        Book::None => Ok(false),
    }
}

/// Decides whether a transaction that could not get a lock is tried again.
pub(super) struct Retry {
    deadline: Instant,
    pause: Duration,
    attempt: u32,
}

impl Retry {
    pub(super) fn new(patience: Patience) -> Self {
        Self { deadline: Instant::now() + patience.locks, pause: RETRY_MIN, attempt: 1 }
    }

    /// Waits and says `true` when it is worth another try.
    pub(super) async fn pause(&mut self, error: &Error, observer: &mut dyn Observer) -> bool {
        if !statements::lock_wait(error) || Instant::now() + self.pause >= self.deadline {
            return false;
        }
        self.attempt += 1;
        let said = match error {
            Error::Failed(failure) => failure.error.message.as_str(),
            Error::Server { error: DbError { message, .. }, .. } => message,
            _ => "another deployer is at work",
        };
        observer.on(Event::Retry { attempt: self.attempt, error: said });
        // Two deployers that were refused together do not come back together.
        let jitter = u64::from(uuid::Uuid::new_v4().as_bytes()[0]);
        tokio::time::sleep(self.pause + Duration::from_millis(jitter)).await;
        self.pause = (self.pause * 2).min(RETRY_MAX);
        true
    }
}
