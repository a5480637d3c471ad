//! Brings a development database up to date: what `migrate`, `redo` and `reset` share.
//!
//! Invariant: what was applied is sealed, also when a later migration failed.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use xtask_db_engine::{
    Applied, DeployOptions, Error, Event, Inspection, Observer, Session, create, deploy, exists,
    inspect,
};
use xtask_db_history::{DiskProblem, Entry, History, MigrationId, disk_problems};

use crate::backfilling::{fill_and_go_on, still_waits};
use crate::config::SeedPolicy;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::own::Own;
use crate::progress::{Progress, took};
use crate::protect::DEVELOPMENT;
use crate::seeds::{self, Asked, Seeded};
use crate::{codes, generators};

/// How long a command for development waits for the deploy lock.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(60);

/// What was done to the database and the lock file.
#[derive(Debug, Default)]
pub(crate) struct Work {
    /// The database was created.
    pub(crate) created: bool,
    /// Statements that were not tried on the shadow.
    pub(crate) not_tried: Vec<String>,
    pub(crate) applied: Vec<Applied>,
    pub(crate) sealed: Vec<MigrationId>,
    pub(crate) seeded: Seeded,
    pub(crate) generators: Vec<String>,
    /// What went wrong after something was done.
    pub(crate) fault: Option<Fault>,
}

impl Work {
    /// The answer, its fault included. `lines` come first, `object` gets the fields of the work.
    pub(crate) fn reply(self, mut lines: Vec<String>, mut object: Value) -> Reply {
        let count = self.applied.len();
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            let time = self.applied.iter().map(|applied| applied.took).sum();
            lines.push(format!("applied {count} migration{plural} in {}", took(time)));
        }
        lines.extend(self.sealed.iter().map(|id| format!("sealed {id}")));
        if let Some(fields) = object.as_object_mut() {
            fields.insert("created".to_owned(), json!(self.created));
            fields.insert("applied".to_owned(), applied(&self.applied));
            let sealed: Vec<&str> = self.sealed.iter().map(MigrationId::as_str).collect();
            fields.insert("sealed".to_owned(), json!(sealed));
            fields.insert("not_tried".to_owned(), json!(self.not_tried));
            fields.insert("seeded".to_owned(), self.seeded.json());
            fields.insert("generators".to_owned(), json!(self.generators));
        }
        let reply = Reply::new(lines.join("\n"), object);
        match &self.fault {
            None => reply,
            Some(fault) => reply.problem(codes::problem(fault)),
        }
    }
}

/// Migrations that were run, for programs.
pub(crate) fn applied(list: &[Applied]) -> Value {
    let one = |applied: &Applied| {
        json!({
            "id": applied.id.as_str(),
            "statements": applied.statements,
            "duration_ms": u64::try_from(applied.took.as_millis()).unwrap_or(u64::MAX),
        })
    };
    list.iter().map(one).collect()
}

/// The disagreements between folder and lock file that stop a command for development: all but
/// drafts.
pub(crate) fn serious(history: &History) -> Vec<DiskProblem> {
    let draft = |problem: &DiskProblem| {
        problem.is_warning()
            || matches!(
                problem,
                DiskProblem::Unlisted { .. } | DiskProblem::Vanished { sealed: false, .. }
            )
    };
    disk_problems(history).into_iter().filter(|problem| !draft(problem)).collect()
}

/// The fault of these disagreements, with the way out of each.
pub(crate) fn edited(context: &Context, problems: Vec<DiskProblem>) -> Result<Fault, Fault> {
    let own = own(context)?;
    let ids = problems.iter().map(DiskProblem::id);
    let own = ids.filter(|id| own.is_own(id)).cloned().collect();
    Ok(Fault::Edited { problems, own })
}

/// What may still change.
pub(crate) fn own(context: &Context) -> Result<Own, Fault> {
    Ok(Own::read(&context.migrations()?, context.variable("GITHUB_BASE_REF")))
}

/// Opens the database, which is created when it is missing. Returns whether it was. Refuses any
/// but a development database.
pub(crate) async fn open(
    context: &Context,
    command: &'static str,
    history: &History,
) -> Result<(Session, bool), Fault> {
    context.refuse_protected(command)?;
    let url = context.url(history.dialect())?;
    let options = context.session()?;
    let created = match exists(&url.value, &options).await? {
        true => false,
        false => create(&url.value, &options).await?,
    };
    let mut session = context.open_to_write(history).await?;
    if created {
        context.output.say(format!("created the database {}", url.value.database()));
    }
    match context.refuse_production(command, &mut session).await {
        Ok(()) => Ok((session, created)),
        Err(fault) => {
            session.close().await;
            Err(fault)
        }
    }
}

/// How migrations are applied in development.
pub(crate) fn options(context: &Context, command: &str) -> Result<DeployOptions, Fault> {
    let environment = context.project()?.environment.as_ref();
    Ok(DeployOptions {
        actor: context.actor(command),
        lock_wait: LOCK_WAIT,
        retry: true,
        drafts: true,
        environment: environment.map(|environment| environment.value.clone()),
        default_marker: DEVELOPMENT.to_owned(),
        keep_down: true,
        // A policy of production that came with a dump: nothing here needs a backup.
        backed_up: true,
        ..DeployOptions::default()
    })
}

/// Applies what is pending, and seals it.
pub(crate) async fn apply(
    context: &Context,
    session: &mut Session,
    history: &History,
    options: &DeployOptions,
    work: &mut Work,
) -> Result<(), Fault> {
    let mut recorder = Recorder { progress: context.progress(), applied: Vec::new() };
    let done = through(session, history, options, &mut recorder).await;
    drop(recorder.progress);
    work.applied.extend(recorder.applied.iter().cloned());
    let ids = recorder.applied.iter().map(|applied| &applied.id).collect();
    let sealed = seal(context, history, &ids)?;
    work.sealed.extend(sealed);
    done
}

/// Applies, runs the backfills, and applies what waited for them.
async fn through(
    session: &mut Session,
    history: &History,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<(), Fault> {
    let mut report = deploy(session, history, options, observer).await?;
    fill_and_go_on(session, history, options, &mut report, observer).await?;
    match report.waiting {
        None => Ok(()),
        Some(waiting) => {
            let ledger = inspect(session, history).await?.ledger;
            Err(still_waits(history, &ledger, waiting)?)
        }
    }
}

/// What an interrupted run has applied and not sealed: applied with the text that is on disk.
pub(crate) fn unsealed<'a>(history: &'a History, seen: &Inspection) -> BTreeSet<&'a MigrationId> {
    let applied = |id: &MigrationId, checksum: &str| {
        let rows = &seen.survey.applied;
        rows.iter().any(|row| row.name == id.as_str() && row.checksum == checksum)
    };
    history
        .migrations
        .iter()
        .filter(|migration| history.lock.sealed(&migration.id).is_none())
        .filter(|migration| applied(&migration.id, &migration.checksum.to_string()))
        .map(|migration| &migration.id)
        .collect()
}

/// Seals these in the lock file, with the texts that were applied. Returns those whose line
/// changed. The line of a draft whose folder is gone goes.
pub(crate) fn seal(
    context: &Context,
    history: &History,
    ids: &BTreeSet<&MigrationId>,
) -> Result<Vec<MigrationId>, Fault> {
    // Read again: it may have changed while migrations ran.
    let mut lock = context.lock_file()?.unwrap_or_else(|| history.lock.clone());
    let mut sealed = Vec::new();
    for migration in history.migrations.iter().filter(|migration| ids.contains(&migration.id)) {
        let before = lock.sealed(&migration.id).cloned();
        lock.seal(migration);
        if lock.sealed(&migration.id) != before.as_ref() {
            sealed.push(migration.id.clone());
        }
    }
    let gone = |entry: &Entry| {
        matches!(entry, Entry::Draft(id) if history.lock.entry(id) == Some(entry)
            && history.get(id).is_none())
    };
    lock.entries.retain(|entry| !gone(entry));
    context.write_lock(&lock)?;
    Ok(sealed)
}

/// Seeds and generates, after something was applied. A failure of one does not stop the other;
/// the first is kept in `work`.
pub(crate) async fn finish(context: &Context, session: Session, skip: Skip, work: &mut Work) {
    let provider = session.dialect();
    let policy = context.project().and_then(|project| Ok(project.seed()?));
    let seeded = match policy {
        Ok(SeedPolicy::Auto) if !skip.seed => seeds::run(context, session, Asked::default()).await,
        other => {
            session.close().await;
            other.map(|_| Seeded::default())
        }
    };
    let generated = match skip.generators {
        true => Ok(Vec::new()),
        false => generators::run(context, provider).await,
    };
    match seeded {
        Ok(seeded) => work.seeded = seeded,
        Err(fault) => work.fault = Some(fault),
    }
    match generated {
        Ok(commands) => work.generators = commands,
        Err(fault) if work.fault.is_none() => work.fault = Some(fault),
        Err(fault) => context.output.say(fault),
    }
}

/// What is left out.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Skip {
    /// Do not run the seeds
    #[arg(long = "skip-seed", id = "skip-seed")]
    pub(crate) seed: bool,
    /// Do not run the generators (after-migrate)
    #[arg(long = "skip-generators", id = "skip-generators")]
    pub(crate) generators: bool,
}

/// Remembers what was applied, which an error of a later migration would hide.
struct Recorder {
    progress: Progress,
    applied: Vec<Applied>,
}

impl Observer for Recorder {
    fn on(&mut self, event: Event<'_>) {
        if let Event::Finished(applied) = &event {
            self.applied.push((*applied).clone());
        }
        self.progress.on(event);
    }
}

/// The refusal of a database with objects and no ledger.
pub(crate) fn refuse_unmanaged(history: &History, seen: &Inspection) -> Result<(), Error> {
    if !seen.ledger.unmanaged() {
        return Ok(());
    }
    Err(Error::Unmanaged {
        table: history.lock.table.clone(),
        objects: seen.ledger.objects,
        ledgers: seen.ledger.foreign.clone(),
    })
}
