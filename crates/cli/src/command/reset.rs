//! `reset`: the development database from nothing.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Session, objects, reset};
use xtask_db_history::{DiskProblem, Entry, History, MigrationId};

use crate::context::Context;
use crate::development::{self, Skip, Work};
use crate::fault::Fault;
use crate::output::Reply;
use crate::shadow;

/// How many objects are listed before the question.
const LISTED_MAX: usize = 50;

/// Drop everything in the development database and apply every migration again
///
/// Tries the migrations on a throwaway database first, lists what will be dropped and asks, or
/// takes `--force`. Your own sealed migrations may have changed, or be gone: the lock file
/// follows. What `ignore` names, other tools' ledgers and the marker stay. Never runs on another
/// database than a development one.
#[derive(Debug, Args)]
pub(crate) struct Reset {
    /// Do not ask
    #[arg(long)]
    force: bool,
    /// Take an edited migration for your own: nobody else has applied it
    #[arg(long, value_name = "ID")]
    own: Vec<MigrationId>,
    #[command(flatten)]
    skip: Skip,
}

pub(crate) async fn run(args: Reset, context: &Context) -> Result<Reply, Fault> {
    context.refuse_protected("reset")?;
    let on_disk = context.history()?;
    let changes = own_changes(context, &on_disk, &args.own)?;
    let history = agreed(&on_disk, &changes);
    let (mut session, created) = development::open(context, "reset", &history).await?;
    let mut work = Work { created, ..Work::default() };
    let dropped = match empty(&args, context, &history, &on_disk, &mut session, &mut work).await {
        Ok(dropped) => dropped,
        Err(fault) => {
            session.close().await;
            return Err(fault);
        }
    };
    let applied = match unlock(context, &changes) {
        Ok(()) => {
            let options = development::options(context, "reset")?;
            development::apply(context, &mut session, &history, &options, &mut work).await
        }
        Err(fault) => Err(fault),
    };
    match applied {
        Ok(()) => development::finish(context, session, args.skip, &mut work).await,
        Err(fault) => {
            session.close().await;
            work.fault = Some(fault);
        }
    }
    let count = dropped.len();
    let plural = if count == 1 { "" } else { "s" };
    let lines = vec![format!("dropped {count} object{plural}")];
    Ok(work.reply(lines, json!({ "dropped": dropped })))
}

/// What was changed of own sealed migrations: edited, or taken away. Other problems of the folder
/// are refused.
fn own_changes(
    context: &Context,
    history: &History,
    named: &[MigrationId],
) -> Result<Vec<DiskProblem>, Fault> {
    let problems = development::serious(history);
    if problems.is_empty() {
        return Ok(problems);
    }
    let own = development::own(context)?;
    let is_own = |id: &MigrationId| own.is_own(id) || named.contains(id);
    let (changes, others): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| {
        let change = matches!(
            problem,
            DiskProblem::Changed { .. }
                | DiskProblem::BackfillChanged { .. }
                | DiskProblem::Vanished { .. }
        );
        change && is_own(problem.id())
    });
    if others.is_empty() { Ok(changes) } else { Err(development::edited(context, others)?) }
}

/// The history with a lock file that agrees with the folder, in memory.
fn agreed(history: &History, changes: &[DiskProblem]) -> History {
    let mut agreed = history.clone();
    for id in changes.iter().map(DiskProblem::id) {
        match history.get(id) {
            Some(migration) => agreed.lock.seal(migration),
            None => agreed.lock.remove(id),
        }
    }
    agreed
}

/// The lock file lets go of what was changed: the edited ones are drafts until they are applied,
/// so that `migrate` goes on when this is cut short.
fn unlock(context: &Context, changes: &[DiskProblem]) -> Result<(), Fault> {
    let Some(mut lock) = context.lock_file()? else { return Ok(()) };
    for problem in changes {
        match problem {
            DiskProblem::Vanished { id, .. } => lock.remove(id),
            problem => lock.put(Entry::Draft(problem.id().clone())),
        }
    }
    context.write_lock(&lock)
}

/// Tries the history, shows, asks, drops.
async fn empty(
    args: &Reset,
    context: &Context,
    history: &History,
    on_disk: &History,
    session: &mut Session,
    work: &mut Work,
) -> Result<Vec<String>, Fault> {
    work.not_tried = shadow::try_out(context, history, &on_disk.lock).await?;
    let scope = context.project()?.scope();
    let found = objects(session, &scope).await?;
    if !found.is_empty() {
        for object in found.iter().take(LISTED_MAX) {
            context.output.say(format!("will drop {object}"));
        }
        if found.len() > LISTED_MAX {
            context.output.say(format!("will drop {} more", found.len() - LISTED_MAX));
        }
        let database = context.url(history.dialect())?.value.database();
        let question = format!("drop {} objects of {database} with all rows?", found.len());
        context.confirm(&question, args.force, "--force")?;
    }
    Ok(reset(session, &scope).await?)
}
