//! `reset`: the development database from nothing.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Session, objects, reset};
use xtask_db_history::{DiskProblem, History, MigrationId};

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
/// takes `--force`. Your own sealed migrations may have changed: they are sealed again. What
/// `ignore` names, other tools' ledgers and the marker stay. Never runs on another database than
/// a development one.
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
    let history = own_edits_sealed(context, context.history()?, &args.own)?;
    let (mut session, created) = development::open(context, "reset", &history).await?;
    let mut work = Work { created, ..Work::default() };
    let dropped = match empty(&args, context, &history, &mut session, &mut work).await {
        Ok(dropped) => dropped,
        Err(fault) => {
            session.close().await;
            return Err(fault);
        }
    };
    let options = development::options(context, "reset")?;
    match development::apply(context, &mut session, &history, &options, &mut work).await {
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

/// The history with the edits of own migrations sealed, in memory; other problems of the folder
/// are refused.
fn own_edits_sealed(
    context: &Context,
    mut history: History,
    named: &[MigrationId],
) -> Result<History, Fault> {
    let problems = development::serious(&history);
    if problems.is_empty() {
        return Ok(history);
    }
    let own = development::own(context)?;
    let is_own = |id: &MigrationId| own.is_own(id) || named.contains(id);
    let (edits, others): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| {
        let edit = matches!(
            problem,
            DiskProblem::Changed { .. } | DiskProblem::BackfillChanged { .. }
        );
        edit && is_own(problem.id())
    });
    if !others.is_empty() {
        return Err(development::edited(context, others)?);
    }
    let History { migrations, lock } = &mut history;
    for migration in migrations.iter() {
        if edits.iter().any(|problem| *problem.id() == migration.id) {
            lock.seal(migration);
        }
    }
    Ok(history)
}

/// Tries the history, shows, asks, drops.
async fn empty(
    args: &Reset,
    context: &Context,
    history: &History,
    session: &mut Session,
    work: &mut Work,
) -> Result<Vec<String>, Fault> {
    work.not_tried = shadow::try_out(context, history).await?;
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
