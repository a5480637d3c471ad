//! Runs the rest of a journaled migration.

use std::time::Instant;

use xtask_db_history::{History, Migration, MigrationId};
use xtask_db_sql::{Shape, Step};

use super::book::check_environment;
use super::plan::{State, on_disk, refused, state};
use crate::apply::{self, Book, Job, Journal, Patience, Ran, Way, resumable};
use crate::lock::{self, Held};
use crate::{
    Applied, DeployOptions, DeployReport, Error, Event, Observer, ResolveReport, Session, drift,
    inspect, runs,
};

/// Runs the rest of a journaled migration, from statement `from` when a person names it.
pub(super) async fn resume(
    session: &mut Session,
    history: &History,
    id: &MigrationId,
    from: Option<u32>,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<ResolveReport, Error> {
    let migration = on_disk(history, id)?;
    // Taking the lock creates the tables; what cannot be resumed must not.
    let seen = inspect(session, history).await?.ledger;
    check_environment(&seen, options)?;
    find(session, history, migration, from).await?;
    let mut held = lock::acquire(session, options.lock_wait, &options.actor, observer).await?;
    let started = Instant::now();
    let mut report = DeployReport::default();
    let done = locked(session, history, migration, from, options, &mut held, observer).await;
    let done = done.map(|applied| report.applied.extend(applied));
    let recorded = runs::record(session, &held, &options.actor, started, &report, &done).await;
    let released = lock::release(session, held).await;
    done.and(recorded).and(released)?;
    let changed = report.applied.iter().map(|applied| applied.id.to_string()).collect();
    Ok(ResolveReport { changed, unchanged: Vec::new(), applied: report.applied })
}

async fn locked(
    session: &mut Session,
    history: &History,
    migration: &Migration,
    from: Option<u32>,
    options: &DeployOptions,
    held: &mut Held,
    observer: &mut dyn Observer,
) -> Result<Option<Applied>, Error> {
    let journal = find(session, history, migration, from).await?;
    let (id, done) = (&migration.id, journal.steps);
    let job = Job::read(Some(id), &migration.up, session.syntax())?;
    observer.on(Event::Started { id, number: 1, total: 1, statements: job.len(), done });
    let started = Instant::now();
    let (keep_down, resume) = (options.keep_down, Some(journal));
    let book = Book::Apply { held, migration, keep_down, retry: true, resume };
    let patience = Patience::of(options.lock_wait);
    drift::forget(session).await?;
    let ran = apply::run_file(session, &job, book, patience, observer).await;
    if let Err(error) = &ran {
        observer.on(Event::Failed(error));
    }
    let Ran::Done(statements) = ran? else { return Ok(None) };
    let applied = Applied { id: id.clone(), statements, took: started.elapsed() };
    observer.on(Event::Finished(&applied));
    Ok(Some(applied))
}

/// What is known of the unfinished row, or what the person says of it.
async fn find(
    session: &mut Session,
    history: &History,
    migration: &Migration,
    from: Option<u32>,
) -> Result<Journal, Error> {
    let rows = inspect(session, history).await?.ledger.rows;
    let id = migration.id.as_str();
    let row_id = match state(&rows, id) {
        State::Unfinished(row) => row.row_id.clone(),
        State::Applied(_) => return Err(refused(id, "is applied: nothing is left to run")),
        State::RolledBack | State::None => {
            return Err(refused(id, "is not begun: `deploy` runs it"));
        }
    };
    let job = Job::read(Some(&migration.id), &migration.up, session.syntax())?;
    let known = resumable(session, Way::Up, &row_id).await?;
    let Shape::Journaled { steps } = &job.shape else {
        let problem = "runs in one transaction: settle it with `resolve --rolled-back`";
        return Err(refused(id, problem));
    };
    match (from, known) {
        (None, Some(journal)) => Ok(journal),
        (None, None) => {
            Err(refused(id, "has no record of its statements: name the next one with --from"))
        }
        (Some(from), known) => {
            let done = known.map_or(0, |journal| journal.steps);
            let first = first(steps, job.len(), done, from);
            let steps = first.map_err(|problem| refused(id, &problem))?;
            Ok(Journal::named(row_id, steps))
        }
    }
}

/// How many statements count as done when the person names the next one.
fn first(steps: &[Step], statements: u32, done: u32, from: u32) -> Result<u32, String> {
    // The one after the last: all of them are done, and the row is only closed.
    if from == 0 || from > statements + 1 {
        return Err(format!("has statements 1 to {statements}, not {from}"));
    }
    if from <= done {
        return Err(format!(
            "statement {from} is known to be committed; the next one is {}",
            done + 1
        ));
    }
    let at = (from - 1) as usize;
    for step in steps {
        if let Step::Block(range) = step
            && range.start < at
            && at < range.end
        {
            let begin = range.start + 1;
            return Err(format!("statement {from} is inside a block: name its BEGIN, {begin}"));
        }
    }
    Ok(from - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_statement_must_be_one_to_start_at() {
        let steps = [Step::Alone(0), Step::Block(1..4), Step::Together(4..6)];
        let check = |done, from, expected: Result<u32, &str>| {
            let found = first(&steps, 6, done, from);
            assert_eq!(found.as_ref().map_err(|e| &e[..12]).copied(), expected, "{from}");
        };
        check(0, 1, Ok(0));
        check(0, 2, Ok(1));
        check(0, 3, Err("statement 3 "));
        check(0, 4, Err("statement 4 "));
        check(0, 5, Ok(4));
        check(0, 6, Ok(5));
        check(0, 0, Err("has statemen"));
        check(0, 7, Ok(6));
        check(0, 8, Err("has statemen"));
        check(2, 2, Err("statement 2 "));
        check(4, 5, Ok(4));
    }
}
