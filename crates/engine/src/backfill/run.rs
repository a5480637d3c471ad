//! A runner: batch after batch until there is no key left, then the verify. It keeps nothing in
//! memory that the progress row does not say, so that another goes on wherever it ends.

use std::time::{Duration, Instant};

use xtask_db_history::{DiskProblem, History, MigrationId, disk_problems};
use xtask_db_sql::Dialect;

use super::batch::{self, Batch, Walk};
use super::key::{self, KeyKind, Span};
use super::pace::Pace;
use super::progress::{self, FORMAT, Progress};
use super::state::{self, BackfillProgress, BackfillState};
use super::{BackfillText, lag, turn};
use crate::apply::verify_rows;
use crate::{Actor, Error, Event, Failpoint, LeftAs, Observer, Session, inspect, lock, runs};

/// Between two looks at the replicas while they are behind.
const LAG_POLL: Duration = Duration::from_millis(500);
/// Between two tries of a batch that another transaction was in the way of.
const RETRY_PAUSE: Duration = Duration::from_millis(50);
/// SQLite: the longest rest between batches; who waits for the file's write lock sleeps as long.
const SQLITE_REST_MAX: Duration = Duration::from_millis(100);

/// How a backfill is run.
#[derive(Debug, Clone)]
pub struct BackfillOptions {
    /// Who does it.
    pub actor: Actor,
    /// How long to wait for another runner, and for rows that others have locked.
    pub lock_wait: Duration,
    /// How long a batch may hold its rows. On PostgreSQL and MariaDB one that takes longer is
    /// rolled back, and a smaller one is tried.
    pub batch_time: Duration,
    /// Rest between batches.
    pub pause: Duration,
    /// Wait while a replica is further behind; PostgreSQL.
    pub max_lag: Option<Duration>,
    /// The environment named by the caller: must equal the marker, where there is one.
    pub environment: Option<String>,
}

impl Default for BackfillOptions {
    fn default() -> Self {
        Self {
            actor: Actor::default(),
            lock_wait: Duration::from_secs(60),
            batch_time: Duration::from_millis(200),
            pause: Duration::ZERO,
            max_lag: None,
            environment: None,
        }
    }
}

/// What a runner did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackfillReport {
    /// The migration.
    pub id: MigrationId,
    /// How far the backfill is: done, or paused by a person meanwhile.
    pub progress: BackfillProgress,
    /// Batches of this run.
    pub ran: u64,
}

/// Runs the backfill of an applied migration to its end, from where it is.
///
/// # Errors
/// `Error::Id` when the migration is not applied or has no backfill, `Error::BackfillFailed`,
/// `Error::BackfillVerify`, `Error::BackfillBusy`, …; what is committed stays, and the next run
/// goes on there.
pub async fn backfill(
    session: &mut Session,
    history: &History,
    id: &MigrationId,
    options: &BackfillOptions,
    observer: &mut dyn Observer,
) -> Result<BackfillReport, Error> {
    let (text, row_id, now) = place(session, history, id, options.environment.as_deref()).await?;
    if now.state == BackfillState::Done {
        return Ok(BackfillReport { id: id.clone(), progress: now, ran: 0 });
    }
    let Some(migration) = history.get(id) else { return Err(refused(id, "is not on disk")) };
    let named = turn::take(session, id, options.lock_wait, observer).await?;
    let started = Instant::now();
    let walk = Walk { migration, text: &text, row_id: &row_id };
    let done = to_the_end(session, &walk, options, observer).await;
    let (outcome, detail) = match &done {
        Ok(report) => ("ok", format!("{id}\n{} batches, {:?}", report.ran, report.progress.state)),
        Err(error) => ("failed", format!("{id}\n{error}")),
    };
    let recorded = runs::write_free(session, &options.actor, started, outcome, &detail).await;
    if let Some(named) = named {
        lock::give_back_named(session, &named).await;
    }
    // What went wrong first is what is told.
    let report = done?;
    recorded.map(|()| report)
}

/// Holds a backfill: the batch that runs now is the last one, until `backfill` is called again.
///
/// # Errors
/// See [`backfill`]; `Error::Id` when it is done.
pub async fn pause_backfill(
    session: &mut Session,
    history: &History,
    id: &MigrationId,
    actor: &Actor,
    environment: Option<&str>,
) -> Result<BackfillProgress, Error> {
    let (_, row_id, now) = place(session, history, id, environment).await?;
    let started = Instant::now();
    let changed = progress::change(session, &row_id, |progress| {
        if progress.state == BackfillState::Running {
            progress.state = BackfillState::Paused;
            progress.who.clone_from(&actor.who);
        }
    });
    let Some(progress) = changed.await? else { return Ok(now) };
    runs::write_free(session, actor, started, "ok", id.as_str()).await?;
    Ok(BackfillProgress::of(&progress))
}

/// The text of a backfill, the ledger row it belongs to, and how far it is.
async fn place(
    session: &mut Session,
    history: &History,
    id: &MigrationId,
    environment: Option<&str>,
) -> Result<(BackfillText, String, BackfillProgress), Error> {
    let migration = history.get(id).ok_or_else(|| refused(id, "is not on disk"))?;
    let text = BackfillText::read(migration, session.syntax())?;
    let text = text.ok_or_else(|| refused(id, "has no backfill.sql"))?;
    let changed: Vec<_> = disk_problems(history)
        .into_iter()
        .filter(
            |one| matches!(one, DiskProblem::BackfillChanged { id: changed, .. } if changed == id),
        )
        .collect();
    if !changed.is_empty() {
        return Err(Error::Disk(changed));
    }
    let ledger = inspect(session, history).await?.ledger;
    if let (Some(found), Some(given)) = (ledger.environment(), environment)
        && found != given
    {
        return Err(Error::Environment { found: found.to_owned(), given: given.to_owned() });
    }
    let row = state::applied(&ledger.rows, id);
    let row_id = row.ok_or_else(|| refused(id, "is not applied yet"))?.row_id.clone();
    let now = state::of(migration, &ledger)?.unwrap_or(BackfillProgress::WAITING);
    Ok((text, row_id, now))
}

fn refused(id: &MigrationId, problem: &str) -> Error {
    Error::Id { id: id.to_string(), problem: problem.to_owned() }
}

async fn to_the_end(
    session: &mut Session,
    walk: &Walk<'_>,
    options: &BackfillOptions,
    observer: &mut dyn Observer,
) -> Result<BackfillReport, Error> {
    session.fresh().await?;
    begin(session, walk, options).await?;
    let id = &walk.migration.id;
    let (progress, ran) = batches(session, walk, options, observer).await?;
    if progress.state != BackfillState::Running {
        return Ok(BackfillReport {
            id: id.clone(),
            progress: BackfillProgress::of(&progress),
            ran,
        });
    }
    verified(session, walk).await?;
    Failpoint::BackfillClosing.reached().await?;
    let closed = progress::change(session, walk.row_id, |progress| {
        // Paused meanwhile: there is nothing left to hold.
        progress.state = BackfillState::Done;
    });
    let progress = closed.await?.ok_or_else(|| refused(id, "was reverted meanwhile"))?;
    Ok(BackfillReport { id: id.clone(), progress: BackfillProgress::of(&progress), ran })
}

/// Writes the progress row where there is none, and takes a pause back.
async fn begin(
    session: &mut Session,
    walk: &Walk<'_>,
    options: &BackfillOptions,
) -> Result<(), Error> {
    let text_refused = |problem: String| Error::BackfillText {
        id: walk.migration.id.clone(),
        path: walk.migration.backfill.as_ref().map_or_else(String::new, |f| f.path.to_string()),
        problem,
    };
    let sum = walk.text.checksum.to_string();
    let who = options.actor.who.clone();
    let resume = |progress: &mut Progress| {
        // Rows of one text beside rows of another are what nobody meant.
        if progress.checksum == sum && progress.state != BackfillState::Done {
            progress.state = BackfillState::Running;
            progress.who.clone_from(&who);
        }
    };
    let mut found = progress::change(session, walk.row_id, resume).await?;
    if found.is_none() {
        let first = first(session, walk, &text_refused, &sum, &who).await?;
        let insert = first.insert_sql(session, walk.row_id)?;
        session.tool("writing the progress of a backfill", &insert).await?;
        found = progress::change(session, walk.row_id, resume).await?;
    }
    match found {
        Some(progress) if progress.checksum != sum && progress.state != BackfillState::Done => {
            let batches = progress.batches;
            Err(text_refused(format!("is another text than the one {batches} batches ran with")))
        }
        _ => Ok(()),
    }
}

/// The progress of a backfill that begins.
async fn first(
    session: &mut Session,
    walk: &Walk<'_>,
    refused: &(dyn Fn(String) -> Error + Sync),
    checksum: &str,
    who: &str,
) -> Result<Progress, Error> {
    let span = key::span(session, walk.text, refused).await?;
    let doing = "counting the keys of a backfill";
    let count = format!("SELECT COUNT(*) FROM {}", walk.text.table);
    let count = session.read(doing, &count).await?;
    let total = count.first().and_then(|row| row.first()?.as_deref()?.parse().ok()).unwrap_or(0);
    let (kind, from, end) = match span {
        Some(Span { kind, from, end }) => (kind, from, Some(end)),
        None => (KeyKind::Integer, "0".to_owned(), None),
    };
    Ok(Progress {
        format: FORMAT,
        state: BackfillState::Running,
        checksum: checksum.to_owned(),
        kind,
        from,
        walked: end.is_none(),
        end,
        size: walk.text.size,
        keys: 0,
        total,
        rows: 0,
        batches: 0,
        spent_ms: 0,
        who: who.to_owned(),
    })
}

/// Runs batches until there is none left or a person holds it; the progress then, and how many.
async fn batches(
    session: &mut Session,
    walk: &Walk<'_>,
    options: &BackfillOptions,
    observer: &mut dyn Observer,
) -> Result<(Progress, u64), Error> {
    let id = &walk.migration.id;
    let (mut ran, mut pace, mut since) = (0, None, Instant::now());
    let mut blocked: Option<Instant> = None;
    loop {
        wait_for_replicas(session, options, observer).await?;
        let current = match pace {
            Some(pace) => pace,
            None => Pace::new(size(session, walk).await?, options.batch_time),
        };
        let mut next = current;
        match batch::one(session, walk, &current, since).await {
            Ok(Batch::Ran(progress, took)) => {
                next.took(took);
                (ran, since, blocked) = (ran + 1, Instant::now(), None);
                let (progress, size) = (&BackfillProgress::of(&progress), current.size);
                observer.on(Event::Batch { id, progress, size });
                rest(session, options, took).await;
            }
            Ok(Batch::Gone) => return Err(refused(id, "was reverted meanwhile")),
            Ok(Batch::Walked | Batch::Paused | Batch::Done) => {
                let now = progress::change(session, walk.row_id, |_| {}).await?;
                return Ok((now.ok_or_else(|| refused(id, "was reverted meanwhile"))?, ran));
            }
            Err(error) if batch::passes(&error) => {
                next.cut();
                let first = *blocked.get_or_insert_with(Instant::now);
                if first.elapsed() >= options.lock_wait {
                    return Err(error);
                }
                tokio::time::sleep(RETRY_PAUSE).await;
            }
            Err(error) => return Err(error),
        }
        pace = Some(next);
    }
}

/// The size at which the last runner was.
async fn size(session: &mut Session, walk: &Walk<'_>) -> Result<u64, Error> {
    let now = progress::change(session, walk.row_id, |_| {}).await?;
    Ok(now.map_or(walk.text.size, |progress| progress.size))
}

/// SQLite has one writer at a time, so the others get as much of it as the backfill.
async fn rest(session: &Session, options: &BackfillOptions, took: Duration) {
    let rest = match session.dialect() {
        Dialect::Sqlite => options.pause.max(took.min(SQLITE_REST_MAX)),
        _ => options.pause,
    };
    if !rest.is_zero() {
        tokio::time::sleep(rest).await;
    }
}

async fn wait_for_replicas(
    session: &mut Session,
    options: &BackfillOptions,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let Some(max) = options.max_lag else { return Ok(()) };
    let mut told = false;
    loop {
        let behind = lag::lag(session).await?;
        if behind <= max {
            return Ok(());
        }
        if !told {
            let s = behind.as_secs();
            observer.on(Event::Notice(&format!("a replica is {s} s behind: waiting for it")));
            told = true;
        }
        tokio::time::sleep(LAG_POLL).await;
    }
}

/// The migration's `verify.sql`, which is the backfill's.
async fn verified(session: &mut Session, walk: &Walk<'_>) -> Result<(), Error> {
    match verify_rows(session, walk.migration, LeftAs::Untouched).await {
        Err(Error::Verify { id, path, statement, statements, found, .. }) => {
            Err(Error::BackfillVerify { id, path, statement, statements, found })
        }
        other => other,
    }
}
