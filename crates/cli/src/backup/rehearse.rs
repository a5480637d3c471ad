//! A deploy on a restored backup: what each statement took, and what it locked.

use std::collections::BTreeSet;
use std::time::Duration;

use xtask_db_engine::{
    Applied, BackfillOptions, DbUrl, DeployOptions, Event, LockTaken, Observer, Session,
    SessionOptions, Spare, contents, deploy, inspect,
};
use xtask_db_history::History;

use super::{Chosen, Form, Load, Settings, files, load};
use crate::backfilling::{run_one, unfinished};
use crate::fault::Fault;
use crate::progress::Progress;

/// A statement that ran.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) statement: u32,
    /// Its first line.
    pub(crate) sql: String,
    pub(crate) rows: u64,
    pub(crate) took: Duration,
    /// What it locked that was there before its migration, beyond what reading locks.
    pub(crate) locks: Vec<LockTaken>,
}

/// What a rehearsal needs.
pub(crate) struct Rehearsal<'a> {
    /// The server on which the throwaway database is made; SQLite: any file of it.
    pub(crate) url: &'a DbUrl,
    pub(crate) chosen: &'a Chosen,
    pub(crate) settings: &'a Settings,
    pub(crate) history: &'a History,
    pub(crate) session: SessionOptions,
    pub(crate) deploy: DeployOptions,
    pub(crate) progress: Progress,
}

impl Rehearsal<'_> {
    /// Restores, deploys, and drops what it was done on. A deploy that fails is told with the
    /// steps before it.
    pub(crate) async fn run(mut self) -> Result<(Vec<Step>, Result<(), Fault>), Fault> {
        if self.chosen.form == Form::Sqlite {
            let folder = tempfile::tempdir();
            let io = |source| Fault::Io { path: self.chosen.path.clone(), source };
            let folder = folder.map_err(io)?;
            let path = folder.path().join("rehearsal.db");
            files::copy(&self.chosen.path, &path).map_err(io)?;
            let url = self.url.with_database(&path.display().to_string());
            return self.deploy_on(&url).await;
        }
        let spare = Spare::create(self.url, &self.session).await?;
        let done = async {
            self.progress.begin(&format!("restoring {}", self.chosen.name()));
            let Chosen { path, form, .. } = self.chosen;
            let what = Load { file: path, form: *form, no_owner: false };
            load(spare.url(), what, self.settings, &mut || {}).await?;
            self.deploy_on(spare.url()).await
        }
        .await;
        spare.release(&mut self.progress).await;
        done
    }

    async fn deploy_on(&mut self, url: &DbUrl) -> Result<(Vec<Step>, Result<(), Fault>), Fault> {
        let mut session = Session::open(url, &self.history.lock.table, &self.session).await?;
        session.trace_locks();
        let done = self.deploy(&mut session).await;
        session.close().await;
        done
    }

    /// One migration after the other: what is there before one tells its locks from those on what
    /// it makes itself.
    async fn deploy(
        &mut self,
        session: &mut Session,
    ) -> Result<(Vec<Step>, Result<(), Fault>), Fault> {
        let mut steps = Vec::new();
        loop {
            let dry = DeployOptions { dry_run: true, ..self.deploy.clone() };
            let pending = deploy(session, self.history, &dry, &mut self.progress).await?;
            let waits = pending.waiting.is_some();
            let some = !pending.applied.is_empty();
            if let Err(fault) = self.one_by_one(session, pending.applied, &mut steps).await? {
                return Ok((steps, Err(fault)));
            }
            let ledger = inspect(session, self.history).await?.ledger;
            let left = unfinished(self.history, &ledger)?;
            if left.is_empty() && !(waits && some) {
                return Ok((steps, Ok(())));
            }
            for one in left {
                let (history, progress) = (self.history, &mut self.progress);
                let fill = BackfillOptions::default();
                run_one(session, history, &one.id, &fill, progress).await?;
            }
        }
    }

    /// Deploys one migration after the other.
    async fn one_by_one(
        &mut self,
        session: &mut Session,
        pending: Vec<Applied>,
        steps: &mut Vec<Step>,
    ) -> Result<Result<(), Fault>, Fault> {
        for applied in pending {
            let there = contents(session).await?;
            let there = there.iter().filter_map(|thing| thing.rsplit(' ').next());
            let mut recorder = Recorder {
                progress: &mut self.progress,
                id: applied.id.to_string(),
                there: there.map(str::to_owned).collect(),
                known: BTreeSet::new(),
                steps: Vec::new(),
            };
            let options = DeployOptions { to: Some(applied.id.clone()), ..self.deploy.clone() };
            let done = deploy(session, self.history, &options, &mut recorder).await;
            steps.append(&mut recorder.steps);
            if let Err(error) = done {
                return Ok(Err(error.into()));
            }
        }
        Ok(Ok(()))
    }
}

/// What the engine calls a relation that is gone.
const DROPPED: &str = "what was dropped";

/// Keeps what each statement took.
struct Recorder<'a> {
    progress: &'a mut Progress,
    id: String,
    there: BTreeSet<String>,
    known: BTreeSet<LockTaken>,
    steps: Vec<Step>,
}

impl Recorder<'_> {
    /// A lock on what the migration made itself is in nobody's way.
    fn was_there(&self, lock: &LockTaken) -> bool {
        let name = lock.relation.rsplit('.').next().unwrap_or_default().trim_matches('"');
        lock.relation == DROPPED || self.there.contains(name)
    }
}

impl Observer for Recorder<'_> {
    fn on(&mut self, event: Event<'_>) {
        if let Event::Ran { statement, sql, rows, took, locks } = event {
            let new = |lock: &&LockTaken| self.was_there(lock) && !self.known.contains(*lock);
            let fresh: Vec<LockTaken> = locks.iter().filter(new).cloned().collect();
            self.known.extend(fresh.iter().cloned());
            self.steps.push(Step {
                id: self.id.clone(),
                statement,
                sql: sql.lines().next().unwrap_or_default().trim().to_owned(),
                rows,
                took,
                locks: fresh,
            });
        }
        self.progress.on(event);
    }
}
