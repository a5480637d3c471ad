//! All pending migrations in one transaction.

use std::time::Instant;

use xtask_db_history::Migration;
use xtask_db_sql::{Dialect, Shape};

use crate::apply::transaction::{self, Undone};
use crate::apply::{Book, Job, failure, put_down, rebuild, statements, verify};
use crate::error::LeftAs;
use crate::ledger::{NewRow, NewState};
use crate::lock::Held;
use crate::{Applied, Error, Event, Observer, Session, ledger};

/// Applies all of them, or none.
///
/// # Errors
/// `Error::NotAtomic` before anything runs, when one cannot be in a transaction with others.
pub(crate) async fn atomic(
    session: &mut Session,
    held: &mut Held,
    migrations: &[&Migration],
    keep_down: bool,
    observer: &mut dyn Observer,
) -> Result<Vec<Applied>, Error> {
    let jobs = jobs(session, migrations)?;
    let rebuild = rebuild::Guard::of_all(&jobs);
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    transaction::open(session, &rebuild).await?;
    let started = Instant::now();
    let applied = all(session, held, migrations, &jobs, &rebuild, keep_down, observer).await;
    let done = match (applied, jobs.last()) {
        (Ok(applied), Some(last)) => {
            let committed = session.commit().await;
            committed
                .map(|_| applied)
                .map_err(|error| failure::commit(last, LeftAs::Untouched, error))
        }
        (done, _) => done,
    };
    match done {
        Ok(applied) => session.fresh().await.map(|()| applied),
        Err(error) => {
            let undone = Undone::of(session, true).await;
            let mut book = attempt(held, migrations, &error);
            undone.then_record(session, &mut book, started, &error).await;
            Err(error)
        }
    }
}

/// The book of the migration that failed.
fn attempt<'a>(held: &'a mut Held, migrations: &[&'a Migration], error: &Error) -> Book<'a> {
    let id = match error {
        Error::Failed(failure) => failure.id.as_ref(),
        Error::Verify { id, .. } | Error::RowLoss { id, .. } => Some(id),
        _ => None,
    };
    let (keep_down, retry, resume) = (false, false, None);
    match migrations.iter().find(|migration| Some(&migration.id) == id) {
        Some(migration) => Book::Apply { held, migration, keep_down, retry, resume },
        None => Book::None,
    }
}

fn jobs<'a>(session: &Session, migrations: &[&'a Migration]) -> Result<Vec<Job<'a>>, Error> {
    let mut jobs = Vec::with_capacity(migrations.len());
    for migration in migrations {
        let job = Job::read(Some(&migration.id), &migration.up, session.syntax())?;
        if job.shape != Shape::Transaction {
            return Err(Error::NotAtomic { id: migration.id.to_string(), why: why(session, &job) });
        }
        jobs.push(job);
    }
    Ok(jobs)
}

/// Why a file cannot be in a transaction with others.
fn why(session: &Session, job: &Job<'_>) -> String {
    if session.dialect() == Dialect::Mysql {
        return "this server commits each schema change by itself".to_owned();
    }
    let statements = &job.script.statements;
    let culprit = statements.iter().position(|s| s.effects.alone || s.effects.control.is_some());
    match culprit {
        Some(at) => {
            let words: Vec<&str> = job.sql(at).split_whitespace().take(3).collect();
            format!("it has {}", words.join(" "))
        }
        None => "it says no-transaction".to_owned(),
    }
}

async fn all(
    session: &mut Session,
    held: &mut Held,
    migrations: &[&Migration],
    jobs: &[Job<'_>],
    rebuild: &rebuild::Guard,
    keep_down: bool,
    observer: &mut dyn Observer,
) -> Result<Vec<Applied>, Error> {
    if held.leased_elsewhere(session).await? {
        return Err(held.refused(session).await);
    }
    let mut done: Vec<(&Migration, Applied, Instant)> = Vec::with_capacity(jobs.len());
    let before = rebuild.before(session).await?;
    for (at, (migration, job)) in migrations.iter().zip(jobs).enumerate() {
        // SQLite: another deployer may have been here since the plan was read.
        if session.dialect() == Dialect::Sqlite
            && ledger::is_applied(session, migration.id.as_str()).await?
        {
            continue;
        }
        let (number, total, statements) = (at + 1, jobs.len(), job.len());
        let id = &migration.id;
        observer.on(Event::Started { id, number, total, statements, done: 0 });
        let started = Instant::now();
        if at > 0 {
            session.fresh().await?;
        }
        let range = 0..job.script.statements.len();
        statements::run(session, job, range, LeftAs::Untouched, observer).await?;
        verify(session, migration, LeftAs::Untouched).await?;
        if keep_down {
            put_down(session, migration).await?;
        }
        let applied = Applied { id: id.clone(), statements, took: started.elapsed() };
        observer.on(Event::Finished(&applied));
        done.push((migration, applied, Instant::now()));
    }
    if let Some(job) = jobs.last() {
        rebuild.after(session, job, before).await?;
    }
    held.keep(session, observer).await?;
    record(session, held, &done).await?;
    Ok(done.into_iter().map(|(_, applied, _)| applied).collect())
}

/// Writes all rows before the one COMMIT.
async fn record(
    session: &mut Session,
    held: &Held,
    done: &[(&Migration, Applied, Instant)],
) -> Result<(), Error> {
    let checksums: Vec<String> = done.iter().map(|(m, ..)| m.checksum.to_string()).collect();
    let mut rows = Vec::with_capacity(done.len());
    for ((migration, applied, at), checksum) in done.iter().zip(&checksums) {
        rows.push(NewRow {
            name: migration.id.as_str(),
            checksum,
            elapsed: at.elapsed() + applied.took,
            steps: applied.statements,
            state: NewState::Finished { ago: at.elapsed() },
        });
    }
    let written = ledger::insert_all(session, held, &rows).await?;
    if written == rows.len() as u64 { Ok(()) } else { Err(Error::Fenced) }
}
