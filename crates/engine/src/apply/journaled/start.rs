//! Begins a journaled file, or picks up what an earlier run left.
//!
//! Invariant: nothing is begun or resumed by a plan that is older than the deploy lock.

use xtask_db_history::{Migration, Row};
use xtask_db_sql::{Dialect, Span};

use super::Course;
use crate::apply::journal::{Journal, Prefix, Way, resumable};
use crate::apply::proof::{self, Proof};
use crate::apply::{Book, Job, not_again, rebuild};
use crate::ledger::{self, NewRow, NewState};
use crate::lock::Held;
use crate::{Error, Failpoint, Session};

impl Course {
    /// Writes the row and its journal, or picks up what is known; none when somebody else has
    /// applied it.
    pub(super) async fn start(
        session: &mut Session,
        job: &Job<'_>,
        book: &mut Book<'_>,
    ) -> Result<Option<Self>, Error> {
        let (way, journal) = match book {
            Book::None => (Way::Up, None),
            Book::Apply { held, migration, resume, retry, .. } => {
                let standing = standing(session, migration, resume.as_ref(), *retry).await?;
                let journal = match standing {
                    Standing::Applied => None,
                    Standing::Begun(journal) => Some(journal),
                    Standing::Absent => begin(session, held, migration).await?,
                };
                let Some(journal) = journal else { return Ok(None) };
                (Way::Up, Some(journal))
            }
            Book::Revert { row_id, .. } => {
                if !ledger::is_current(session, row_id).await? {
                    return Ok(None);
                }
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
        let foreign_keys_off =
            session.dialect() == Dialect::Sqlite && rebuild::Guard::of(job).foreign_keys_off();
        let mut course = Self { way, journal, steps, prefix: Prefix::default(), foreign_keys_off };
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
        let before = self.journal.as_ref().and_then(|journal| journal.before.clone());
        match proof::after(session, job, at, before.as_deref()).await? {
            Proof::Unknown => Err(unsettled(job, running)),
            Proof::NotDone => self.mark(session, None).await,
            Proof::Done => {
                self.count(session, job, at + 1, book).await?;
                self.steps = at + 1;
                Ok(())
            }
        }
    }
}

/// Writes the row of a journaled migration together with its journal.
async fn begin(
    session: &mut Session,
    held: &Held,
    migration: &Migration,
) -> Result<Option<Journal>, Error> {
    let mut tries = ledger::AGAIN_MAX;
    loop {
        session.tool("opening a transaction", session.begin()).await?;
        let begun = write_begun(session, held, migration).await;
        if !matches!(begun, Ok(Some(_))) {
            let _ = session.run("ROLLBACK").await;
        }
        match begun {
            Err(error) if tries > 0 && ledger::chosen(&error) => tries -= 1,
            begun => return begun,
        }
    }
}

async fn write_begun(
    session: &mut Session,
    held: &Held,
    migration: &Migration,
) -> Result<Option<Journal>, Error> {
    let new = NewRow {
        name: migration.id.as_str(),
        checksum: &migration.checksum.to_string(),
        elapsed: std::time::Duration::ZERO,
        steps: 0,
        state: NewState::Started,
    };
    let (row_id, written) = ledger::insert(session, held, &new).await?;
    if !written {
        return Ok(None);
    }
    let journal = Journal::begun(&row_id);
    let put = journal.put(session, Way::Up);
    session.tool("writing the journal", &put).await?;
    session.tool("writing the ledger", "COMMIT").await?;
    Failpoint::Begun.reached().await?;
    Ok(Some(journal))
}

/// What stands in the ledger when a file is about to start.
enum Standing {
    Applied,
    Begun(Journal),
    Absent,
}

/// Reads again what the plan said. On SQLite the deploy lock is held only from here on, by the
/// lease, and another deployer may have begun, gone on with or finished the migration since.
async fn standing(
    session: &mut Session,
    migration: &Migration,
    planned: Option<&Journal>,
    retry: bool,
) -> Result<Standing, Error> {
    if session.dialect() != Dialect::Sqlite {
        return Ok(planned.map_or(Standing::Absent, |journal| Standing::Begun(journal.clone())));
    }
    let rows = ledger::read_rows_of(session, migration.id.as_str()).await?;
    if rows.iter().any(|row| row.finished_at.is_some() && row.rolled_back_at.is_none()) {
        return Ok(Standing::Applied);
    }
    let unfinished = |row: &&Row| row.finished_at.is_none() && row.rolled_back_at.is_none();
    let Some(row) = rows.iter().rfind(unfinished) else {
        if planned.is_some() {
            // A person settled it.
            return Err(Error::Fenced);
        }
        return match rows.last() {
            Some(last) if !retry => not_again(migration, last).map(|()| Standing::Absent),
            _ => Ok(Standing::Absent),
        };
    };
    let known = resumable(session, Way::Up, &row.row_id).await?;
    let same = planned.filter(|planned| planned.row_id == row.row_id);
    match (same, known) {
        (Some(planned), None) => Ok(Standing::Begun(planned.clone())),
        (Some(planned), Some(known))
            if *planned == known || (planned.named && planned.steps >= known.steps) =>
        {
            Ok(Standing::Begun(planned.clone()))
        }
        (_, Some(known)) => {
            if !retry {
                not_again(migration, row)?;
            }
            Ok(Standing::Begun(known))
        }
        (None, None) => Err(Error::Fenced),
    }
}

/// Whether a statement ran is not known, and only a person can say.
fn unsettled(job: &Job<'_>, at: u32) -> Error {
    let span = job.script.statements.get(at as usize).map(|statement| statement.span);
    Error::Unsettled {
        id: job.id.map(ToString::to_string).unwrap_or_default(),
        path: job.path.to_owned(),
        text: job.text.to_owned(),
        span: span.unwrap_or(Span { start: 0, end: 0 }),
        statement: at + 1,
        statements: job.len(),
    }
}
