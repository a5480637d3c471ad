//! A file that commits step by step. The ledger row is written first; each step commits together
//! with its count, so that only a statement which the server commits by itself can be unknown.

use std::ops::Range;

use xtask_db_sql::{Dialect, Step};

use crate::apply::concurrently::{self, Index};
use crate::apply::journal::{Journal, Way, prefix, resumable};
use crate::apply::transaction::{Retry, open};
use crate::apply::{Book, Job, Patience, Ran, failure, put_down, rebuild, statements, verify};
use crate::error::LeftAs;
use crate::ledger::{self, Change, NewRow, NewState};
use crate::lock::Held;
use crate::{Error, Event, Observer, Session, meta};

/// Runs the steps that are not done.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    steps: &[Step],
    book: &mut Book<'_>,
    patience: Patience,
    observer: &mut dyn Observer,
) -> Result<Ran, Error> {
    lease(session, book, patience, observer).await?;
    let Some(mut course) = Course::start(session, job, book).await? else {
        return Ok(Ran::Already);
    };
    let first = course.done();
    session.fresh().await?;
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
    course.finish(session, job, book).await?;
    if let Book::Apply { held, .. } | Book::Revert { held, .. } = book {
        held.end_lease(session).await?;
    }
    Ok(Ran::Done(ran))
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
    while !held.lease(session).await? {
        let error = held.refused(session).await;
        if !retry.pause(&error, observer).await {
            return Err(error);
        }
    }
    Ok(())
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
        let sets = job.sql(at).get(..4).is_some_and(|word| word.eq_ignore_ascii_case("set "));
        if sets && effects.reach.is_none() && !effects.ddl {
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
}

impl Course {
    /// Writes the row and its journal, or picks up what is known; none when somebody else has
    /// applied it.
    async fn start(
        session: &mut Session,
        job: &Job<'_>,
        book: &mut Book<'_>,
    ) -> Result<Option<Self>, Error> {
        let (way, journal) = match book {
            Book::None => (Way::Up, None),
            Book::Apply { resume: Some(journal), .. } => (Way::Up, Some(journal.clone())),
            Book::Apply { held, migration, .. } => {
                let checksum = migration.checksum.to_string();
                let Some(journal) = begin(session, held, &migration.id, &checksum).await? else {
                    return Ok(None);
                };
                (Way::Up, Some(journal))
            }
            Book::Revert { row_id, .. } => {
                let known = resumable(session, Way::Down, row_id).await?;
                (Way::Down, Some(known.unwrap_or_else(|| Journal::begun(row_id))))
            }
        };
        if let (Some(journal), Some(id)) = (&journal, job.id)
            && !journal.fits(job)
        {
            return Err(Error::ResumeText { id: id.clone(), done: journal.steps });
        }
        let steps = journal.as_ref().map_or(0, |journal| journal.steps as usize);
        let running = journal.as_ref().and_then(|journal| journal.running);
        let mut course = Self { way, journal, steps };
        if let Some(at) = running {
            course.settle(session, job, at, book).await?;
        }
        Ok(Some(course))
    }

    /// The process ended while a statement ran that the server commits by itself: what the catalog
    /// says is taken, else a person must say.
    async fn settle(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        running: u32,
        book: &mut Book<'_>,
    ) -> Result<(), Error> {
        let at = running as usize;
        if at >= job.script.statements.len() {
            return Err(unsettled(job, running));
        }
        match concurrently::look(session, job, at).await? {
            None => Err(unsettled(job, running)),
            Some(Index::Absent | Index::Invalid(_)) => self.mark(session, None).await,
            Some(Index::Valid) => {
                self.count(session, job, at + 1, book).await?;
                self.steps = at + 1;
                Ok(())
            }
        }
    }

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
        let mut retry = Retry::new(patience);
        let end = range.end;
        loop {
            let tried = match step {
                Step::Alone(at) => self.alone(session, job, *at, book, observer).await,
                Step::Together(_) => {
                    self.together(session, job, range.clone(), book, observer).await
                }
                Step::Block(_) => self.block(session, job, range.clone(), book, observer).await,
            };
            let Err(error) = tried else { break };
            if !matches!(step, Step::Alone(_)) {
                let _ = session.run("ROLLBACK").await;
            }
            if !retry.pause(&error, observer).await {
                return Err(error);
            }
        }
        self.steps = end;
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
        let guard = rebuild::Guard::of_range(job, range.clone());
        if guard.foreign_keys_off() {
            open(session, &guard).await?;
        } else {
            session.tool("opening a transaction", session.begin()).await?;
        }
        let before = guard.before(session).await?;
        let end = range.end;
        statements::run(session, job, range, self.left(), observer).await?;
        guard.after(session, job, before).await?;
        self.count(session, job, end, book).await?;
        session.tool("committing the statements", "COMMIT").await?;
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
        let commit = session.run(job.sql(last)).await;
        commit.map_err(|error| failure::at(job, last, self.left(), error))?;
        guard.restore(session).await
    }

    /// One statement that the server commits by itself.
    async fn alone(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        at: usize,
        book: &mut Book<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        self.mark(session, Some(index)).await?;
        // A lock_timeout cancels the wait for old snapshots and leaves an INVALID index.
        let patient = job.script.statements[at].effects.concurrently
            && session.dialect() == Dialect::Postgres;
        if patient {
            session.tool("setting lock_timeout", "SET lock_timeout = 0").await?;
            concurrently::clear(session, job, at).await?;
        }
        observer.on(Event::Statement {
            statement: index + 1,
            statements: job.len(),
            sql: job.sql(at),
        });
        if let Err(error) = session.run(job.sql(at)).await {
            let left = match error.connection {
                true => LeftAs::Unknown { done: index },
                false => self.left(),
            };
            if !error.connection {
                // The server answered: the statement is not done.
                self.mark(session, None).await?;
            }
            return Err(failure::at(job, at, left, error));
        }
        if patient {
            session.fresh().await?;
        }
        self.count(session, job, at + 1, book).await
    }

    /// Stores which statement is running.
    async fn mark(&mut self, session: &mut Session, running: Option<u32>) -> Result<(), Error> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.running = running;
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
        journal.prefix = Some(prefix(job, end));
        journal.running = None;
        if let Book::Apply { held, .. } = book {
            let steps = [Change::Steps(journal.steps)];
            ledger::update(session, held, &journal.row_id, &steps).await?;
        }
        let sql = journal.put(session, self.way);
        session.tool("writing the journal", &sql).await.map(drop)
    }

    /// Verifies, and closes the row.
    async fn finish(
        self,
        session: &mut Session,
        job: &Job<'_>,
        book: &mut Book<'_>,
    ) -> Result<(), Error> {
        let Some(journal) = self.journal else { return Ok(()) };
        let (held, changes): (&Held, Vec<Change<'_>>) = match book {
            Book::None => return Ok(()),
            Book::Revert { held, .. } => (held, vec![Change::RolledBack]),
            Book::Apply { held, migration, .. } => {
                let left = LeftAs::Partly { done: job.len() };
                if let Err(error) = verify(session, migration, left).await {
                    note(session, held, &journal.row_id, &error).await;
                    return Err(error);
                }
                let checksum = Change::Checksum(migration.checksum);
                (held, vec![Change::Finished(job.len()), checksum])
            }
        };
        session.tool("opening a transaction", session.begin()).await?;
        ledger::update(session, held, &journal.row_id, &changes).await?;
        let remove = meta::remove(session, &journal.key(self.way));
        session.tool("closing the journal", &remove).await?;
        if let Book::Apply { migration, keep_down: true, .. } = book {
            put_down(session, migration).await?;
        }
        session.tool("committing the migration", "COMMIT").await.map(drop)
    }

    /// What is left when the next statement fails.
    fn left(&self) -> LeftAs {
        LeftAs::Partly { done: u32::try_from(self.steps).unwrap_or(u32::MAX) }
    }

    /// Records the error in the row.
    async fn note(&self, session: &mut Session, book: &Book<'_>, error: &Error) {
        if let (Some(journal), Book::Apply { held, .. }) = (&self.journal, book) {
            note(session, held, &journal.row_id, error).await;
        }
    }
}

async fn note(session: &mut Session, held: &Held, row_id: &str, error: &Error) {
    if let Some(logs) = failure::logs(error) {
        // The error that is being reported matters more than that it cannot be recorded.
        let _ = ledger::update(session, held, row_id, &[Change::Logs(Some(&logs))]).await;
    }
}

/// Writes the row of a journaled migration together with its journal.
async fn begin(
    session: &mut Session,
    held: &Held,
    id: &xtask_db_history::MigrationId,
    checksum: &str,
) -> Result<Option<Journal>, Error> {
    session.tool("opening a transaction", session.begin()).await?;
    let new = NewRow {
        name: id.as_str(),
        checksum,
        elapsed: std::time::Duration::ZERO,
        steps: 0,
        state: NewState::Started,
    };
    let (row_id, written) = ledger::insert(session, held, &new).await?;
    let journal = Journal::begun(&row_id);
    let put = journal.put(session, Way::Up);
    session.tool("writing the journal", &put).await?;
    let end = if written { "COMMIT" } else { "ROLLBACK" };
    session.tool("writing the ledger", end).await?;
    Ok(written.then_some(journal))
}

/// Whether a statement ran is not known, and only a person can say.
fn unsettled(job: &Job<'_>, at: u32) -> Error {
    let span = job.script.statements.get(at as usize).map(|statement| statement.span);
    Error::Unsettled {
        id: job.id.map(ToString::to_string).unwrap_or_default(),
        path: job.path.to_owned(),
        text: job.text.to_owned(),
        span: span.unwrap_or(xtask_db_sql::Span { start: 0, end: 0 }),
        statement: at + 1,
        statements: job.len(),
    }
}
