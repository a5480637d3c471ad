//! Runs migrations and other files on a shadow, less the statements that reach outside it.

use std::time::{Duration, Instant};

use xtask_db_history::{Migration, SqlFile};

use super::inside::inside;
use crate::apply::{self, Book, Job, Patience};
use crate::{Applied, Error, Event, Observer, Session, backfill};

/// Nobody else is on a shadow, so nothing there waits long.
const PATIENCE: Patience = Patience::of(Duration::from_secs(10));

/// Runs migrations; returns what was not run.
pub(super) async fn run(
    session: &mut Session,
    main: &str,
    migrations: &[Migration],
    (first, total): (usize, usize),
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    let mut skipped = Vec::new();
    for (at, migration) in migrations.iter().enumerate() {
        let id = &migration.id;
        let (file, left_out) = inside(session.syntax(), Some(id), &migration.up, main)?;
        skipped.extend(left_out.iter().map(|statement| format!("{id}: {statement}")));
        let job = Job::read(Some(id), &file, session.syntax())?;
        let statements = job.len();
        observer.on(Event::Started { id, number: first + at, total, statements, done: 0 });
        let started = Instant::now();
        let ran = apply::run_file(session, &job, Book::None, PATIENCE, observer).await;
        let filled = match ran {
            Ok(_) => backfill::at_once(session, migration).await,
            Err(error) => Err(error),
        };
        if let Err(error) = filled {
            observer.on(Event::Failed(&error));
            return Err(error);
        }
        let applied = Applied { id: id.clone(), statements, took: started.elapsed() };
        observer.on(Event::Finished(&applied));
    }
    session.fresh().await?;
    Ok(skipped)
}

/// Runs a file that is no migration; returns what was not run.
pub(super) async fn file(
    session: &mut Session,
    main: &str,
    file: &SqlFile,
    observer: &mut dyn Observer,
) -> Result<Vec<String>, Error> {
    let (file, left_out) = inside(session.syntax(), None, file, main)?;
    let job = Job::read(None, &file, session.syntax())?;
    apply::run_file(session, &job, Book::None, PATIENCE, observer).await?;
    session.fresh().await?;
    Ok(left_out.into_iter().map(|statement| format!("{}: {statement}", file.path)).collect())
}
