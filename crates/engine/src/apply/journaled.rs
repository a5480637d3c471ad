//! A file that commits step by step. The ledger row is written first; each step commits together
//! with its count, so that only a statement which the server commits by itself can be unknown.

mod finish;
mod start;
mod tables;

use std::ops::Range;
use std::time::Instant;

use xtask_db_sql::{Dialect, Step};

use crate::apply::concurrently::{self, Waited};
use crate::apply::journal::{Journal, Prefix, Way};
use crate::apply::proof;
use crate::apply::transaction::Retry;
use crate::apply::{Book, Job, Patience, Ran, failure, rebuild, statements, timed};
use crate::error::LeftAs;
use crate::ledger::{self, Change};
use crate::{Error, Event, Failpoint, Observer, Session};

/// Runs the steps that are not done.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    steps: &[Step],
    book: &mut Book<'_>,
    patience: Patience,
    observer: &mut dyn Observer,
) -> Result<Ran, Error> {
    pooled(session, job)?;
    lease(session, book, patience, observer).await?;
    session.fresh().await?;
    let Some(mut course) = Course::start(session, job, book).await? else {
        end_lease(session, book).await?;
        return Ok(Ran::Already);
    };
    let first = course.done();
    replay_settings(session, job, first).await?;
    for step in steps {
        let range = rest(step, course.done());
        if range.is_empty() {
            continue;
        }
        lease(session, book, patience, observer).await?;
        let stepped = course.step(session, job, step, range, book, patience, observer).await;
        if let Err(error) = stepped {
            course.note(session, book, &error).await;
            return Err(error);
        }
    }
    let ran = job.len() - u32::try_from(first).unwrap_or(u32::MAX);
    course.finish(session, job, book, observer).await?;
    end_lease(session, book).await?;
    Ok(Ran::Done(ran))
}

/// Behind a pooler there is no session for what this file needs of one.
fn pooled(session: &Session, job: &Job<'_>) -> Result<(), Error> {
    let why = match job.sets().next() {
        _ if session.direct() => return Ok(()),
        Some(set) => {
            format!("it has {}", set.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
        }
        None if session.placed() => "the search path is configured".to_owned(),
        None => return Ok(()),
    };
    Err(Error::Pooler { path: job.path.to_owned(), why })
}

/// SQLite: others may go on.
async fn end_lease(session: &mut Session, book: &mut Book<'_>) -> Result<(), Error> {
    match book {
        Book::Apply { held, .. } | Book::Revert { held, .. } => held.end_lease(session).await,
        Book::None => Ok(()),
    }
}

/// SQLite: the lease keeps others out between the steps.
async fn lease(
    session: &mut Session,
    book: &mut Book<'_>,
    patience: Patience,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let (Book::Apply { held, .. } | Book::Revert { held, .. }) = book else { return Ok(()) };
    let mut retry = Retry::new(patience);
    loop {
        let error = match held.lease(session).await {
            Ok(true) => return Ok(()),
            Ok(false) => held.refused(session).await,
            Err(error) if statements::lock_wait(&error) => error,
            Err(error) => return Err(error),
        };
        if !retry.pause(&error, observer).await {
            return Err(error);
        }
    }
}

/// The statements of a step that are not done.
fn rest(step: &Step, done: usize) -> Range<usize> {
    let range = match step {
        Step::Together(range) | Step::Block(range) => range.clone(),
        Step::Alone(at) => *at..*at + 1,
    };
    range.start.max(done)..range.end
}

/// Session settings of the statements that are done are needed by the rest of the file.
async fn replay_settings(session: &mut Session, job: &Job<'_>, done: usize) -> Result<(), Error> {
    for at in 0..done {
        let effects = &job.script.statements[at].effects;
        let first = job.sql(at).split(|c: char| !c.is_ascii_alphabetic()).next();
        let is = |word: &str| first.is_some_and(|first| first.eq_ignore_ascii_case(word));
        let sets = is("set") && effects.reach.is_none() && !effects.ddl;
        if sets || (is("use") && session.dialect() == Dialect::Mysql) {
            let left = LeftAs::Partly { done: u32::try_from(done).unwrap_or(u32::MAX) };
            session.run(job.sql(at)).await.map_err(|error| failure::at(job, at, left, error))?;
        }
    }
    Ok(())
}

/// A file on its way.
struct Course {
    way: Way,
    /// None on a shadow or for a seed.
    journal: Option<Journal>,
    steps: usize,
    prefix: Prefix,
    /// SQLite: the file rebuilds a table, so that foreign keys are off for each of its statements.
    foreign_keys_off: bool,
}

impl Course {
    const fn done(&self) -> usize {
        self.steps
    }

    #[expect(clippy::too_many_arguments, reason = "one call, in the loop above")]
    async fn step(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        step: &Step,
        range: Range<usize>,
        book: &mut Book<'_>,
        patience: Patience,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        if let Book::Apply { held, .. } | Book::Revert { held, .. } = &*book {
            held.confirm(session, observer).await?;
        }
        let mut retry = Retry::new(patience);
        let mut end = range.end;
        loop {
            let tried = match step {
                Step::Alone(at) => match tables::locked(session, job, *at) {
                    Some(locked) => {
                        end = locked.end;
                        self.under_locks(session, job, locked, book, observer).await
                    }
                    None => {
                        self.alone_among_others(session, job, *at, book, patience, observer).await
                    }
                },
                Step::Together(_) => {
                    self.together(session, job, range.clone(), book, observer).await
                }
                Step::Block(_) => {
                    session.set_in_block(true);
                    let done = self.block(session, job, range.clone(), book, observer).await;
                    session.set_in_block(false);
                    done
                }
            };
            let Err(error) = tried else { break };
            if !matches!(step, Step::Alone(_)) {
                let _ = session.run("ROLLBACK").await;
            }
            // Of statements under table locks the first ones may be committed: not again.
            if self.steps > range.start || !retry.pause(&error, observer).await {
                return Err(error);
            }
        }
        self.steps = end;
        if matches!(step, Step::Alone(_)) {
            Failpoint::Uncounted.reached().await?;
            // It is committed: only its count is tried again.
            self.count_patiently(session, job, book, patience, observer).await?;
            Failpoint::Counted.reached().await?;
        }
        Ok(())
    }

    /// Statements in a transaction of the tool.
    async fn together(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        range: Range<usize>,
        book: &mut Book<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        // A rebuild that commits step by step has no two sides of one step to compare.
        let guard = match job.autocommit() {
            true => rebuild::Guard::default(),
            false => rebuild::Guard::of_range(job, range.clone()),
        };
        if guard.foreign_keys_off() || (job.autocommit() && self.foreign_keys_off) {
            session.tool("opening a transaction", "PRAGMA foreign_keys = OFF").await?;
        }
        session.tool("opening a transaction", session.begin()).await?;
        let before = guard.before(session).await?;
        let end = range.end;
        statements::run(session, job, range, self.left(), observer).await?;
        guard.after(session, job, before).await?;
        self.count(session, job, end, book).await?;
        Failpoint::RowWritten.reached().await?;
        let committed = session.commit().await;
        committed.map_err(|error| failure::commit(job, self.left(), error))?;
        Failpoint::Counted.reached().await?;
        guard.restore(session).await
    }

    /// A block of the file's own; its count is written before its COMMIT.
    async fn block(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        range: Range<usize>,
        book: &mut Book<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let guard = rebuild::Guard::of_range(job, range.clone());
        let before = guard.before(session).await?;
        if guard.foreign_keys_off() {
            session.tool("opening a transaction", "PRAGMA foreign_keys = OFF").await?;
        }
        let last = range.end - 1;
        statements::run(session, job, range.start..last, self.left(), observer).await?;
        guard.after(session, job, before).await?;
        self.count(session, job, range.end, book).await?;
        Failpoint::RowWritten.reached().await?;
        let commit = session.run(job.sql(last)).await;
        commit.map_err(|error| failure::at(job, last, self.left(), error))?;
        guard.restore(session).await
    }

    /// A statement that waits for every other session's snapshot runs while the locks of other
    /// tools are free.
    async fn alone_among_others(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        at: usize,
        book: &Book<'_>,
        patience: Patience,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let held = match book {
            Book::Apply { held, .. } | Book::Revert { held, .. } => &**held,
            Book::None => return self.alone(session, job, at, patience, observer).await,
        };
        let waits = job.script.statements[at].effects.concurrently;
        if !waits {
            return self.alone(session, job, at, patience, observer).await;
        }
        held.let_others(session).await;
        let done = self.alone(session, job, at, patience, observer).await;
        done.and(held.keep_others_out(session, patience.locks).await)
    }

    /// One statement that the server commits by itself.
    async fn alone(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        at: usize,
        patience: Patience,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let effects = &job.script.statements[at].effects;
        if effects.foreign_keys.is_some() {
            return Ok(());
        }
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(journal) = &mut self.journal {
            journal.before = proof::before(session, job, at).await?;
        }
        self.mark(session, Some(index)).await?;
        if self.foreign_keys_off {
            session.tool("turning foreign keys off", "PRAGMA foreign_keys = OFF").await?;
        }
        // A lock_timeout cancels the wait for old snapshots and leaves an INVALID index.
        let patient = effects.concurrently && session.dialect() == Dialect::Postgres;
        let kept = if patient { concurrently::patient(session).await? } else { None };
        if patient {
            concurrently::clear(session, job, at).await?;
        }
        observer.on(Event::Statement {
            statement: index + 1,
            statements: job.len(),
            sql: job.sql(at),
        });
        Failpoint::Marked.reached().await?;
        let started = Instant::now();
        let ran = match patient {
            true => concurrently::run(session, job.sql(at), patience.index, observer).await,
            false => Waited::Ran(session.run(job.sql(at)).await),
        };
        let restored = match kept {
            Some(kept) => session.tool("setting lock_timeout", &kept).await.map(drop),
            None => Ok(()),
        };
        let Waited::Ran(ran) = ran else {
            self.mark(session, None).await?;
            let (path, waited) = (job.path.to_owned(), patience.index);
            return Err(Error::IndexWait { path, waited });
        };
        let error = match ran {
            Ok(rows) => {
                let told = timed::tell(session, job, at, (rows, started), observer).await;
                return restored
                    .and(told.map_err(|error| failure::at(job, at, self.left(), error)));
            }
            Err(error) => error,
        };
        // When the server answered, the statement is not done.
        let known = !error.connection && self.mark(session, None).await.is_ok();
        let left = if known { self.left() } else { LeftAs::Unknown { done: index } };
        Err(failure::at(job, at, left, error))
    }

    /// Counts what is done so far; the server may be busy with a lock of its own.
    async fn count_patiently(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        book: &mut Book<'_>,
        patience: Patience,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let mut retry = Retry::new(patience);
        loop {
            let Err(error) = self.count(session, job, self.steps, book).await else {
                return Ok(());
            };
            if !retry.pause(&error, observer).await {
                return Err(error);
            }
        }
    }

    /// Stores which statement is running.
    async fn mark(&mut self, session: &mut Session, running: Option<u32>) -> Result<(), Error> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.running = running;
        if running.is_none() {
            journal.before = None;
        }
        let sql = journal.put(session, self.way);
        session.tool("writing the journal", &sql).await.map(drop)
    }

    /// Counts statements as committed.
    async fn count(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        end: usize,
        book: &mut Book<'_>,
    ) -> Result<(), Error> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.steps = u32::try_from(end).unwrap_or(u32::MAX);
        journal.prefix = Some(self.prefix.to(job, end));
        (journal.running, journal.before) = (None, None);
        match book {
            Book::Apply { held, .. } => {
                let steps = [Change::Steps(journal.steps)];
                ledger::update(session, held, &journal.row_id, &steps).await?;
                held.lease(session).await?;
            }
            Book::Revert { held, .. } => {
                held.verify(session).await?;
                held.lease(session).await?;
            }
            Book::None => {}
        }
        let sql = journal.put(session, self.way);
        session.tool("writing the journal", &sql).await.map(drop)
    }

    /// What is left when the next statement fails.
    fn left(&self) -> LeftAs {
        LeftAs::Partly { done: u32::try_from(self.steps).unwrap_or(u32::MAX) }
    }
}
