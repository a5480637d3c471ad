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
use crate::schema::DraftArgs;
use crate::{redone, shadow};

/// Revert your own migration and apply it again, edited
///
/// Without an ID: the first migration that was edited, else the newest applied. What was applied
/// after it is reverted and applied again too. The edited text is tried on a throwaway database
/// first, and sealed when it is applied. The way back is the down.sql of the text that was
/// applied; without one the database is brought to what the edited migrations make by the
/// difference, which is shown, and statements that write rows are not run again.
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
    draft: DraftArgs,
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
    /// Nothing was reverted: the database was brought to the edited texts.
    by_difference: bool,
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
    let what = if plan.by_difference { "brought to its text:" } else { "reverted" };
    let lines = plan.revert.iter().map(|id| format!("{what} {id}")).collect();
    let by_difference = plan.by_difference;
    let reverted: Vec<String> = plan.revert.iter().map(ToString::to_string).collect();
    match again(context, plan, &mut session, &mut work).await {
        Ok(()) => development::finish(context, session, args.skip, &mut work).await,
        Err(fault) => {
            session.close().await;
            work.fault = Some(fault);
        }
    }
    let object = json!({ "reverted": reverted, "by_difference": by_difference });
    Ok(work.reply(lines, object))
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
    let mut plan = plan(args, history, &seen, &own)?;
    refuse_others(context, history, &plan, &seen)?;
    work.not_tried = shadow::try_out(context, &plan.history, &history.lock).await?;
    let (texts, missing) = texts_applied(session, history, &seen, &plan.revert).await?;
    if !missing.is_empty() {
        for id in missing {
            context.output.say(format!("{id} has no down.sql: the difference is run instead"));
        }
        let both = (&plan.history, &history.lock);
        let on = (session, &seen);
        redone::by_difference(&args.draft, context, both, &plan.revert, on).await?;
        plan.by_difference = true;
        return Ok(plan);
    }
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
    development::apply(context, session, &plan.history, &options, work).await?;
    if plan.by_difference {
        let brought = plan.edited.iter().filter(|id| plan.revert.contains(id)).collect();
        work.sealed.extend(development::seal(context, &plan.history, &brought)?);
    }
    Ok(())
}

fn plan(args: &Redo, history: &History, seen: &Inspection, own: &Own) -> Result<Plan, Fault> {
    let target = target(args, history, seen)?;
    let is_own = |id: &MigrationId| own.is_own(id) || args.own.contains(id);
    let mut edited: BTreeSet<MigrationId> = edits(history);
    edited.retain(|id| *id >= target);
    // Bringing the database to a text that others sealed again changes nothing of theirs.
    let stale = seen.survey.edited.iter().any(|found| found.id == target);
    for id in edited.iter().chain((!stale).then_some(&target)) {
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
    Ok(Plan { revert, edited, last, history, by_difference: false })
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
/// database kept, since down.sql on disk may be edited too. And the ids that have none.
async fn texts_applied(
    session: &mut Session,
    history: &History,
    seen: &Inspection,
    ids: &[MigrationId],
) -> Result<(History, Vec<String>), Fault> {
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
    Ok((texts, missing))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use xtask_db_engine::Ledger;
    use xtask_db_history::{Checksum, LockFile, Migration, Row, SqlFile, Survey};
    use xtask_db_sql::Dialect;

    use super::*;

    fn migration(name: &str, text: &str) -> Migration {
        let sql =
            |text: &str| SqlFile { path: Cow::Borrowed("m"), text: Cow::Owned(text.to_owned()) };
        Migration {
            id: name.parse().unwrap(),
            checksum: Checksum::of(text),
            up: sql(text),
            down: None,
            verify: None,
            backfill: None,
            readme: None,
        }
    }

    fn row(name: &str) -> Row {
        Row {
            row_id: name.to_owned(),
            name: name.to_owned(),
            checksum: Checksum::of("SELECT 1").to_string(),
            started_at: String::new(),
            finished_at: Some(String::new()),
            rolled_back_at: None,
            steps: 0,
            logs: None,
            duration_ms: None,
        }
    }

    /// 1_a to 4_d sealed, 1_a merged; `edited` have another text on disk.
    fn check(edited: &[&str], applied: &[&str], args: &[&str], expected: Result<&str, &str>) {
        let names = ["1_a", "2_b", "3_c", "4_d"];
        let mut lock = LockFile::new(Dialect::Sqlite, "t");
        names.iter().for_each(|name| lock.seal(&migration(name, "SELECT 1")));
        let mut merged = LockFile::new(Dialect::Sqlite, "t");
        merged.seal(&migration("1_a", "SELECT 1"));
        let text = |name: &str| if edited.contains(&name) { "SELECT 2" } else { "SELECT 1" };
        let migrations = names.iter().map(|name| migration(name, text(name))).collect();
        let history = History { migrations, lock };
        let applied = applied.iter().map(|name| row(name)).collect();
        let survey = Survey { applied, ..Survey::default() };
        let seen = Inspection { ledger: Ledger::default(), survey };
        let own = Own::Since { branch: "main".to_owned(), merged: Some(Box::new(merged)) };
        let (id, named) = args.split_first().map_or((None, args), |(id, own)| (Some(*id), own));
        let id = id.filter(|id| !id.is_empty()).map(|id| id.parse().unwrap());
        let named = named.iter().map(|id| id.parse().unwrap()).collect();
        let args = Redo { id, own: named, draft: DraftArgs::default(), skip: Skip::default() };
        let found = plan(&args, &history, &seen, &own).map_err(|fault| fault.to_string());
        let found = found.map(|plan| {
            assert!(edits(&plan.history).iter().all(|id| !plan.edited.contains(id)));
            let list = |ids: &mut dyn Iterator<Item = &MigrationId>| {
                ids.map(MigrationId::as_str).collect::<Vec<_>>().join(" ")
            };
            let revert = list(&mut plan.revert.iter());
            format!("{revert} | {} | {}", list(&mut plan.edited.iter()), plan.last)
        });
        let found = found.as_deref().map_err(String::as_str);
        assert_eq!(found, expected, "{edited:?} {args:?}");
    }

    #[test]
    fn what_is_reverted_and_applied_again() {
        let all = ["1_a", "2_b", "3_c", "4_d"];
        check(&[], &all, &[], Ok("4_d |  | 4_d"));
        check(&[], &all[..3], &[], Ok("3_c |  | 3_c"));
        check(&[], &all, &["3_c"], Ok("4_d 3_c |  | 4_d"));
        check(&["2_b"], &all, &[], Ok("4_d 3_c 2_b | 2_b | 4_d"));
        check(&["2_b", "4_d"], &all, &["2_b"], Ok("4_d 3_c 2_b | 2_b 4_d | 4_d"));
        check(&["3_c"], &all[..2], &["3_c"], Ok(" | 3_c | 3_c"));
        check(&[], &all, &["1_a"], Err("1_a is not yours to change: it was merged into main"));
        check(&["1_a"], &all, &[], Err("1_a is not yours to change: it was merged into main"));
        check(&["1_a"], &all, &["", "1_a"], Ok("4_d 3_c 2_b 1_a | 1_a | 4_d"));
        check(&[], &[], &[], Err("no migration is applied, so there is nothing to redo"));
        check(&[], &all, &["9_x"], Err("9_x is not in the migrations folder"));
        let ahead = "5_e was applied after 4_d and is not on disk to apply again";
        check(&[], &["1_a", "4_d", "5_e"], &["4_d"], Err(ahead));
    }
}
