//! Deploy, status, verify and wait, at the start of an application.

use std::time::{Duration, Instant};

use xtask_db_engine::{DeployReport, Inspection, Session, SessionOptions, Silent, Target};
use xtask_db_history::{Entry, History};

use crate::{Ahead, DeployOptions, Error, Migrator, Status, fresh};

/// Between two looks of [`Migrator::wait`], at first; doubled up to [`POLL_MAX`].
const POLL_MIN: Duration = Duration::from_millis(100);

/// Between two looks of [`Migrator::wait`], at most.
const POLL_MAX: Duration = Duration::from_secs(2);

/// The marker under which a database may be thrown away.
const DEVELOPMENT: &str = "development";

/// SQLSTATE class of a refused user or password: waiting does not help.
const REFUSED_USER: &str = "28";

/// MySQL: access denied for the user.
const ACCESS_DENIED: u32 = 1045;

impl Migrator {
    /// Applies what is pending, under the deploy lock: any number of replicas may start at once,
    /// and one of them applies. Never generates, never asks. Dropping the future cancels.
    ///
    /// The target is a URL, a [`DbUrl`](crate::DbUrl) or a pool. Of a server pool one connection
    /// is detached and closed; of an SQLite pool one is used in place and restored.
    ///
    /// # Errors
    /// [`Error::Engine`] when a migration failed, the database disagrees, the lock was not free,
    /// a stored policy forbids it, …; [`Error::Stale`] in a debug build.
    pub async fn deploy(
        &self,
        target: impl Into<Target>,
        options: &DeployOptions,
    ) -> Result<DeployReport, Error> {
        let history = self.history()?;
        let mut session = Session::open(target, self.table(), &options.session).await?;
        let deployed = self.deploy_on(&mut session, &history, &options.engine).await;
        session.close().await;
        deployed
    }

    /// Where the database stands. Creates nothing.
    ///
    /// # Errors
    /// The database cannot be reached or read.
    pub async fn status(&self, target: impl Into<Target>) -> Result<Status, Error> {
        let history = History::try_from(self)?;
        Ok(Status::new(inspect(&history, target.into(), self.table()).await?))
    }

    /// For start-up: the database must be as this build needs it.
    ///
    /// # Errors
    /// [`Error::Behind`] when migrations are pending or being applied, [`Error::Conflict`] when
    /// one failed, was edited or is missing, [`Error::Ahead`] when that is refused,
    /// [`Error::Stale`] in a debug build.
    pub async fn verify(&self, target: impl Into<Target>, ahead: Ahead) -> Result<(), Error> {
        let history = self.history()?;
        let status = Status::new(inspect(&history, target.into(), self.table()).await?);
        judge(status, self.table(), ahead)
    }

    /// Waits until nothing is pending: for replicas beside a job that deploys. A database that
    /// cannot be reached yet is waited for too; a conflict or a refused user is not.
    ///
    /// # Errors
    /// [`Error::NotReady`] with the last reason, or what waiting cannot help.
    pub async fn wait(&self, target: impl Into<Target>, timeout: Duration) -> Result<(), Error> {
        let history = self.history()?;
        let target = target.into();
        let start = Instant::now();
        let mut pause = POLL_MIN;
        loop {
            let seen = inspect(&history, target.clone(), self.table()).await;
            let judged =
                seen.and_then(|seen| judge(Status::new(seen), self.table(), Ahead::Accept));
            let Err(error) = judged else { return Ok(()) };
            let waited = start.elapsed();
            if !passes(&error) {
                return Err(error);
            }
            if waited >= timeout {
                return Err(Error::NotReady { waited, last: Box::new(error) });
            }
            tokio::time::sleep(pause.min(timeout.saturating_sub(waited))).await;
            pause = (pause * 2).min(POLL_MAX);
        }
    }

    async fn deploy_on(
        &self,
        session: &mut Session,
        history: &History,
        options: &xtask_db_engine::DeployOptions,
    ) -> Result<DeployReport, Error> {
        let mut options = options.clone();
        // Without drafts the permission is without a meaning, and no reason to refuse anything.
        options.drafts &= has_drafts(history);
        if options.drafts {
            let seen = xtask_db_engine::inspect(session, history).await?;
            drafts_may_go_to(&seen, options.environment.as_deref())?;
            // Only who develops has drafts in a debug build: the next draft must be allowed too.
            if self.folder().is_some() {
                DEVELOPMENT.clone_into(&mut options.default_marker);
            }
        }
        Ok(xtask_db_engine::deploy(session, history, &options, &mut Silent).await?)
    }

    pub(crate) fn history(&self) -> Result<History, Error> {
        let history = History::try_from(self)?;
        fresh::check(self, &history)?;
        Ok(history)
    }
}

async fn inspect(history: &History, target: Target, table: &str) -> Result<Inspection, Error> {
    let mut session = Session::open(target, table, &SessionOptions::default()).await?;
    let seen = xtask_db_engine::inspect(&mut session, history).await;
    session.close().await;
    Ok(seen?)
}

fn has_drafts(history: &History) -> bool {
    let is_draft = |entry: &Entry| matches!(entry, Entry::Draft(_));
    history.lock.entries.iter().any(is_draft)
        || history.migrations.iter().any(|one| history.lock.sealed(&one.id).is_none())
}

/// Drafts go to a database that is marked for development, or that nobody has deployed to yet.
fn drafts_may_go_to(seen: &Inspection, environment: Option<&str>) -> Result<(), Error> {
    let protected = |name: &&str| *name != DEVELOPMENT;
    let marker = seen.ledger.environment();
    let environment = marker.filter(protected).or(environment.filter(protected));
    let is_unmarked = marker.is_none() && !seen.ledger.rows.is_empty();
    if environment.is_none() && !is_unmarked {
        return Ok(());
    }
    let ids = seen.survey.drafts.iter().map(ToString::to_string).collect();
    Err(Error::Protected { environment: environment.map(str::to_owned), ids })
}

fn judge(status: Status, table: &str, ahead: Ahead) -> Result<(), Error> {
    let ledger = &status.inspection().ledger;
    if ledger.unmanaged() {
        return Err(Error::Engine(xtask_db_engine::Error::Unmanaged {
            table: table.to_owned(),
            objects: ledger.objects,
            ledgers: ledger.foreign.clone(),
        }));
    }
    let status = Box::new(status);
    if status.is_conflict() {
        return Err(Error::Conflict { status });
    }
    let survey = status.survey();
    if ahead == Ahead::Refuse && !survey.ahead.is_empty() {
        return Err(Error::Ahead { ids: status.ahead().map(str::to_owned).collect() });
    }
    // A comment that was edited before its lock line is repaired changes nothing that runs.
    if survey.pending.is_empty() && survey.running.is_empty() {
        return Ok(());
    }
    Err(Error::Behind { status })
}

/// Whether waiting may help.
fn passes(error: &Error) -> bool {
    match error {
        Error::Behind { .. } => true,
        Error::Engine(xtask_db_engine::Error::NotReady { .. }) => true,
        Error::Engine(xtask_db_engine::Error::Connect { error, .. }) => {
            let class = error.code.as_deref().and_then(|code| code.get(..2));
            class != Some(REFUSED_USER) && error.number != Some(ACCESS_DENIED)
        }
        Error::Engine(xtask_db_engine::Error::Server { error, .. }) => error.connection,
        _ => false,
    }
}
