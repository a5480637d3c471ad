//! Applies what is pending.

mod gate;
mod pending;

use std::time::Instant;

use xtask_db_history::{History, Migration};

use crate::apply::{self, Book, Job, Journal, Patience, Ran};
use crate::ledger::{self, Change};
use crate::lock::{self, Held};
use crate::{
    Applied, DeployOptions, DeployReport, DriftCheck, Error, Event, Failpoint, Inspection,
    NoPrecaution, Observer, Precaution, Session, drift, inspect, marker, precaution, runs,
};

use pending::{Pending, Todo, pending};

/// Applies what is pending, in order, under the deploy lock. With nothing pending, nothing
/// unfinished and no conflict the lock is not taken.
///
/// # Errors
/// See [`Error`]. After an error the ledger says what is applied.
pub async fn deploy(
    session: &mut Session,
    history: &History,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<DeployReport, Error> {
    deploy_after(session, history, options, &mut NoPrecaution, observer).await
}

/// [`deploy`], with something done under the lock before the first statement, when there is one.
///
/// # Errors
/// See [`deploy`]; `Error::Precaution` when that fails, and nothing was run.
pub async fn deploy_after(
    session: &mut Session,
    history: &History,
    options: &DeployOptions,
    precaution: &mut dyn Precaution,
    observer: &mut dyn Observer,
) -> Result<DeployReport, Error> {
    gate::disk(history, options)?;
    let seen = inspect(session, history).await?;
    gate::database(&seen, history, options)?;
    let mut report = report(&seen);
    let stamp = gate::stamp(&seen, options);
    let as_it_is = stamp.is_none() && gate::new_policy(&seen, options).is_none();
    if options.dry_run || (nothing_to_do(&seen) && as_it_is) {
        gate::conflicts(&seen, options, true)?;
        let todo = pending(session, history, &seen, options).await?;
        report.applied = todo.now.iter().map(|pending| would(pending.migration)).collect();
        report.waiting = todo.waiting;
        report.drifted = idle_drift(session, history, &seen, options, observer).await?;
        return Ok(report);
    }
    if !seen.ledger.present {
        // What is refused leaves a fresh database as it was, without the tool's tables.
        pending(session, history, &seen, options).await?;
    }
    let mut held = lock::acquire(session, options.lock_wait, &options.actor, observer).await?;
    let started = Instant::now();
    let run = Run { history, options, precaution };
    let done = run.locked(session, &mut held, &mut report, observer).await;
    let recorded = runs::record(session, &held, &options.actor, started, &report, &done).await;
    let released = lock::release(session, held).await;
    done.and(recorded).and(released)?;
    Ok(report)
}

/// One run of a deploy.
struct Run<'a> {
    history: &'a History,
    options: &'a DeployOptions,
    precaution: &'a mut dyn Precaution,
}

impl Run<'_> {
    /// Under the lock the plan is read again.
    async fn locked(
        self,
        session: &mut Session,
        held: &mut Held,
        report: &mut DeployReport,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let Self { history, options, precaution } = self;
        Failpoint::Locked.reached().await?;
        let seen = inspect(session, history).await?;
        gate::database(&seen, history, options)?;
        gate::conflicts(&seen, options, false)?;
        report.before = seen.survey.applied.len();
        let Todo { now: todo, waiting } = pending(session, history, &seen, options).await?;
        report.waiting = waiting;
        Failpoint::Planned.reached().await?;
        if let Some(check) = &options.drift {
            report.drifted = drift::found(session, check, observer).await?;
        }
        if !todo.is_empty() {
            gate::policy(&seen, options)?;
            precaution::take(session, held, &seen.ledger, precaution, observer).await?;
        }
        if let Some(name) = gate::stamp(&seen, options) {
            marker::stamp(session, held, &name).await?;
            report.environment = Some(name);
        }
        if let Some(required) = gate::new_policy(&seen, options) {
            marker::store_policy(session, held, required).await?;
        }
        restamp(session, history, &seen, held, report).await?;
        if !todo.is_empty() {
            drift::forget(session).await?;
        }
        let applied = apply_all(session, options, held, todo, report, observer).await;
        keep_fingerprint(session, options, report, applied.is_ok(), observer).await?;
        applied?;
        Failpoint::Releasing.reached().await
    }
}

/// Applies what is pending: in one transaction, or one after the other.
async fn apply_all(
    session: &mut Session,
    options: &DeployOptions,
    held: &mut Held,
    todo: Vec<Pending<'_>>,
    report: &mut DeployReport,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    if options.atomic {
        let migrations: Vec<&Migration> = todo.iter().map(|p| p.migration).collect();
        let keep = options.keep_down;
        let applied = apply::atomic(session, held, &migrations, keep, observer).await;
        if let Err(error) = &applied {
            observer.on(Event::Failed(error));
        }
        report.applied = applied?;
        return Ok(());
    }
    let total = todo.len();
    for (at, pending) in todo.into_iter().enumerate() {
        let applied = one(session, options, held, pending, (at + 1, total), observer).await;
        if let Err(error) = &applied {
            observer.on(Event::Failed(error));
        }
        report.applied.extend(applied?);
    }
    Ok(())
}

/// Writes down what the database is after this run. That it cannot be read is told, and is no
/// reason to fail: nothing is compared next time.
async fn keep_fingerprint(
    session: &mut Session,
    options: &DeployOptions,
    report: &DeployReport,
    done: bool,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let Some(check) = &options.drift else { return Ok(()) };
    if done && report.applied.is_empty() && report.drifted.is_some() {
        return Ok(());
    }
    match drift::keep(session, &check.scope).await {
        Err(error) if done && error_of_connection(&error) => Err(error),
        Err(error) if done => {
            observer.on(Event::Notice(&format!("the fingerprint was not kept: {error}")));
            Ok(())
        }
        // What went wrong before is what is told.
        _ => Ok(()),
    }
}

fn error_of_connection(error: &Error) -> bool {
    matches!(error, Error::Server { error, .. } if error.connection)
}

/// Looks for drift without the lock: a deployer at work is not drift.
async fn idle_drift(
    session: &mut Session,
    history: &History,
    seen: &Inspection,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<Option<bool>, Error> {
    let Some(check) = options.drift.as_ref().filter(|_| !seen.ledger.held) else {
        return Ok(None);
    };
    let gentle = DriftCheck { stop: false, ..check.clone() };
    let drifted = drift::found(session, &gentle, observer).await?;
    if drifted != Some(true) {
        return Ok(drifted);
    }
    let again = inspect(session, history).await?;
    match again.ledger.held || again.ledger.rows != seen.ledger.rows {
        true => Ok(None),
        false if check.stop => Err(Error::Drift),
        false => Ok(drifted),
    }
}

/// Applies one migration; none when another deployer has done it meanwhile.
async fn one(
    session: &mut Session,
    options: &DeployOptions,
    held: &mut Held,
    pending: Pending<'_>,
    (number, total): (usize, usize),
    observer: &mut dyn Observer,
) -> Result<Option<Applied>, Error> {
    let Pending { migration, resume } = pending;
    let id = &migration.id;
    let job = Job::read(Some(id), &migration.up, session.syntax())?;
    let done = resume.as_ref().map_or(0, |journal: &Journal| journal.steps);
    observer.on(Event::Started { id, number, total, statements: job.len(), done });
    let started = Instant::now();
    let (keep_down, retry) = (options.keep_down, options.retry);
    let book = Book::Apply { held, migration, keep_down, retry, resume };
    let patience = Patience { locks: options.lock_wait, index: options.index_wait };
    match apply::run_file(session, &job, book, patience, observer).await? {
        Ran::Already => Ok(None),
        Ran::Done(statements) => {
            let applied = Applied { id: id.clone(), statements, took: started.elapsed() };
            observer.on(Event::Finished(&applied));
            Ok(Some(applied))
        }
    }
}

/// Rows that hold a `was:` text get the lock file's checksum.
async fn restamp(
    session: &mut Session,
    history: &History,
    seen: &Inspection,
    held: &Held,
    report: &mut DeployReport,
) -> Result<(), Error> {
    for id in &seen.survey.restamp {
        let row = seen.survey.applied.iter().rev().find(|row| row.name == id.as_str());
        if let (Some(row), Some(sealed)) = (row, history.lock.sealed(id)) {
            let change = [Change::Checksum(sealed.sha256)];
            ledger::update(session, held, &row.row_id, &change).await?;
            report.restamped.push(id.clone());
        }
    }
    Ok(())
}

fn nothing_to_do(seen: &Inspection) -> bool {
    let survey = &seen.survey;
    seen.ledger.present
        && survey.pending.is_empty()
        && survey.failed.is_empty()
        && survey.running.is_empty()
        && survey.restamp.is_empty()
        && survey.out_of_order.is_empty()
}

fn report(seen: &Inspection) -> DeployReport {
    DeployReport {
        before: seen.survey.applied.len(),
        ahead: seen.survey.ahead.iter().map(|ahead| ahead.row.name.clone()).collect(),
        environment: seen.ledger.environment().map(str::to_owned),
        ..DeployReport::default()
    }
}

fn would(migration: &Migration) -> Applied {
    Applied { id: migration.id.clone(), statements: 0, took: std::time::Duration::ZERO }
}
