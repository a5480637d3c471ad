//! All pending migrations in one transaction.

use std::time::Instant;

use xtask_db_history::Migration;
use xtask_db_sql::{Dialect, Shape};

use crate::apply::{Book, Job, rebuild, statements, verify};
use crate::error::LeftAs;
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
    crate::apply::transaction::open(session, &rebuild).await?;
    let applied = all(session, held, migrations, &jobs, &rebuild, keep_down, observer).await;
    let done = match applied {
        Ok(applied) => {
            session.tool("committing the migrations", "COMMIT").await?;
            Ok(applied)
        }
        Err(error) => {
            let _ = session.run("ROLLBACK").await;
            Err(error)
        }
    };
    session.fresh().await.and(done)
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
    if session.dialect() == Dialect::Sqlite {
        for migration in migrations {
            if ledger::is_applied(session, migration.id.as_str()).await? {
                return Err(Error::Fenced);
            }
        }
    }
    let mut applied = Vec::with_capacity(jobs.len());
    let before = rebuild.before(session).await?;
    for (at, (migration, job)) in migrations.iter().zip(jobs).enumerate() {
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
        let mut book = Book::Apply { held: &mut *held, migration, keep_down, resume: None };
        if !book.finish(session, started, statements).await? {
            return Err(Error::Fenced);
        }
        let done = Applied { id: id.clone(), statements, took: started.elapsed() };
        observer.on(Event::Finished(&done));
        applied.push(done);
    }
    if let Some(job) = jobs.last() {
        rebuild.after(session, job, before).await?;
    }
    Ok(applied)
}
