//! `redo`: an edited migration takes the place of the one that was applied.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::json;
use xtask_db_engine::{DownOptions, Error, Inspection, Session, down, down_text, inspect};
use xtask_db_history::{DiskProblem, Entry, History, MigrationId};

use crate::command::down::applied;
use crate::context::Context;
use crate::development::{self, Skip, Work};
use crate::fault::Fault;
use crate::output::Reply;
use crate::own::Own;
use crate::shadow;

/// Revert your own migration and apply it again, edited
///
/// Without an ID: the first migration that was edited, else the newest applied. What was applied
/// after it is reverted and applied again too. The edited text is tried on a throwaway database
/// first, and sealed when it is applied. The way back is the down.sql of the text that was
/// applied; without one use `reset`.
///
/// A migration is your own until the default branch has its line in migrations.lock.
#[derive(Debug, Args)]
pub(crate) struct Redo {
    /// The migration
    id: Option<MigrationId>,
    /// Take this migration for your own: nobody else has applied it
    #[arg(long, value_name = "ID")]
    own: Vec<MigrationId>,
    #[command(flatten)]
    skip: Skip,
}

/// What is reverted and applied again.
#[derive(Debug)]
struct Plan {
    /// Newest first; empty when none of it is applied.
    revert: Vec<MigrationId>,
    /// Sealed with another text than the one on disk.
    edited: BTreeSet<MigrationId>,
    /// The last one to apply again.
    last: MigrationId,
    /// The history with the edited texts sealed, in memory.
    history: History,
}

pub(crate) async fn run(args: Redo, context: &Context) -> Result<Reply, Fault> {
    context.refuse_protected("redo")?;
    let history = context.history()?;
    let (mut session, created) = development::open(context, "redo", &history).await?;
    let mut work = Work { created, ..Work::default() };
    let plan = match prepare(&args, context, &history, &mut session, &mut work).await {
        Ok(plan) => plan,
        Err(fault) => {
            session.close().await;
            return Err(fault);
        }
    };
    let lines = plan.revert.iter().map(|id| format!("reverted {id}")).collect();
    let reverted: Vec<String> = plan.revert.iter().map(ToString::to_string).collect();
    match again(context, plan, &mut session, &mut work).await {
        Ok(()) => development::finish(context, session, args.skip, &mut work).await,
        Err(fault) => {
            session.close().await;
            work.fault = Some(fault);
        }
    }
    Ok(work.reply(lines, json!({ "reverted": reverted })))
}

/// Plans, tries, shows, reverts.
async fn prepare(
    args: &Redo,
    context: &Context,
    history: &History,
    session: &mut Session,
    work: &mut Work,
) -> Result<Plan, Fault> {
    let seen = inspect(session, history).await?;
    development::refuse_unmanaged(history, &seen)?;
    let own = development::own(context)?;
    let plan = plan(args, history, &seen, &own)?;
    refuse_others(context, history, &plan, &seen)?;
    work.not_tried = shadow::try_out(context, &plan.history, &history.lock).await?;
    let texts = texts_applied(session, history, &seen, &plan.revert).await?;
    for id in &plan.revert {
        let found = down_text(session, &texts, id.as_str()).await?;
        let from = found.map_or_else(String::new, |(from, _)| format!(" with {from}"));
        context.output.say(format!("will revert {id}{from}"));
    }
    let options = DownOptions {
        actor: context.actor("redo"),
        lock_wait: development::LOCK_WAIT,
        dry_run: false,
    };
    let mut progress = context.progress().reverting();
    down(session, &texts, &plan.revert, &options, &mut progress).await?;
    Ok(plan)
}

/// Applies again, and seals. Until that is done the edited ones are drafts, so that `migrate`
/// goes on when this is cut short.
async fn again(
    context: &Context,
    plan: Plan,
    session: &mut Session,
    work: &mut Work,
) -> Result<(), Fault> {
    if !plan.edited.is_empty()
        && let Some(mut lock) = context.lock_file()?
    {
        plan.edited.iter().for_each(|id| lock.put(Entry::Draft(id.clone())));
        context.write_lock(&lock)?;
    }
    let mut options = development::options(context, "redo")?;
    options.to = Some(plan.last);
    development::apply(context, session, &plan.history, &options, work).await
}

fn plan(args: &Redo, history: &History, seen: &Inspection, own: &Own) -> Result<Plan, Fault> {
    let target = target(args, history, seen)?;
    let is_own = |id: &MigrationId| own.is_own(id) || args.own.contains(id);
    let mut edited: BTreeSet<MigrationId> = edits(history);
    edited.retain(|id| *id >= target);
    for id in edited.iter().chain([&target]) {
        if !is_own(id) {
            return Err(Fault::NotOwn { id: id.clone(), why: own.why_not() });
        }
    }
    let mut revert = applied(seen);
    revert.retain(|id| *id >= target);
    if let Some(id) = revert.iter().find(|id| history.get(id).is_none()) {
        return Err(Fault::Refused {
            what: format!("{id} was applied after {target} and is not on disk to apply again"),
            hint: format!("fetch the branch that has it, or: cargo xtask db down --to {target}"),
        });
    }
    let last = revert.first().unwrap_or(&target).clone();
    let mut history = history.clone();
    let History { migrations, lock } = &mut history;
    migrations.iter().filter(|one| edited.contains(&one.id)).for_each(|one| lock.seal(one));
    Ok(Plan { revert, edited, last, history })
}

/// The migration that was named, else the first edited one, else the newest applied.
fn target(args: &Redo, history: &History, seen: &Inspection) -> Result<MigrationId, Fault> {
    if let Some(id) = &args.id {
        return match history.get(id) {
            Some(_) => Ok(id.clone()),
            None => Err(Fault::NoMigration { id: id.to_string() }),
        };
    }
    let in_ledger = seen.survey.edited.iter().map(|edited| edited.id.clone());
    let first = edits(history).into_iter().chain(in_ledger).min();
    let newest = || applied(seen).into_iter().find(|id| history.get(id).is_some());
    first.or_else(newest).ok_or_else(|| Fault::Refused {
        what: "no migration is applied, so there is nothing to redo".to_owned(),
        hint: "cargo xtask db migrate".to_owned(),
    })
}

/// The sealed migrations whose text is another now.
fn edits(history: &History) -> BTreeSet<MigrationId> {
    let edit = |problem: DiskProblem| match problem {
        DiskProblem::Changed { id, .. } | DiskProblem::BackfillChanged { id, .. } => Some(id),
        _ => None,
    };
    development::serious(history).into_iter().filter_map(edit).collect()
}

/// Whatever else is wrong must be settled first.
fn refuse_others(
    context: &Context,
    history: &History,
    plan: &Plan,
    seen: &Inspection,
) -> Result<(), Fault> {
    let problems = development::serious(&plan.history);
    if !problems.is_empty() {
        return Err(development::edited(context, problems)?);
    }
    let mut survey = seen.survey.clone();
    let again = |id: &MigrationId| plan.revert.contains(id);
    survey.edited.retain(|edited| !again(&edited.id));
    // These are in order once the later ones are reverted.
    survey.out_of_order.retain(|id| history.get(id).is_none() || *id > plan.last);
    if survey.conflict() {
        return Err(Error::Conflict(Box::new(seen.survey.clone())).into());
    }
    Ok(())
}

/// The history with the down text of what was *applied*: for an edited migration the one that the
/// database kept, since down.sql on disk may be edited too.
async fn texts_applied(
    session: &mut Session,
    history: &History,
    seen: &Inspection,
    ids: &[MigrationId],
) -> Result<History, Fault> {
    let mut texts = history.clone();
    let mut missing = Vec::new();
    for migration in texts.migrations.iter_mut().filter(|one| ids.contains(&one.id)) {
        let same = |name: &str, checksum: &str| {
            name == migration.id.as_str() && checksum == migration.checksum.to_string()
        };
        let on_disk = migration.down.take();
        let unchanged = seen.survey.applied.iter().any(|row| same(&row.name, &row.checksum));
        if unchanged && on_disk.is_some() {
            migration.down = on_disk;
            continue;
        }
        let none = History { migrations: Vec::new(), lock: history.lock.clone() };
        let kept = down_text(session, &none, migration.id.as_str()).await?;
        if kept.is_none() {
            migration.down = on_disk;
        }
        if kept.is_none() && migration.down.is_none() {
            missing.push(migration.id.to_string());
        }
    }
    if missing.is_empty() {
        return Ok(texts);
    }
    Err(Fault::Refused {
        what: format!("there is no down.sql to revert {}", missing.join(", ")),
        hint: "apply every migration from nothing: cargo xtask db reset".to_owned(),
    })
}
