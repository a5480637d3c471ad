//! `rebase`: own migrations go after what was merged.

use clap::Args;
use serde_json::{Value, json};
use xtask_db_engine::{Error, Inspection, Resolution, Session, exists, inspect};
use xtask_db_history::{History, MigrationId, Move, half_moved, rebase};

use crate::context::Context;
use crate::development;
use crate::fault::Fault;
use crate::moves;
use crate::output::Reply;
use crate::own::Own;

/// Move your own migrations after those that were merged
///
/// Each gets a new id, later than all others: its folder is renamed, its line in migrations.lock
/// moves with what is sealed there, and its row in the development database takes the new name. No
/// SQL is run, and the text stays sealed. When it is interrupted, run it again.
///
/// A migration is your own until the default branch has its line in migrations.lock. Never runs on
/// another database than a development one.
#[derive(Debug, Args)]
pub(crate) struct Rebase {
    /// Say what would be moved, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Take this migration for your own: nobody else has applied it
    #[arg(long, value_name = "ID")]
    own: Vec<MigrationId>,
}

/// What is moved.
struct Plan {
    /// Moved on disk already, by a run that was interrupted.
    half: Vec<Move>,
    moves: Vec<Move>,
}

/// What the database has of it.
struct There {
    session: Session,
    seen: Inspection,
}

pub(crate) async fn run(args: Rebase, context: &Context) -> Result<Reply, Fault> {
    context.refuse_protected("rebase")?;
    let own = development::own(context)?;
    refuse_unknown(&args, &own)?;
    let mut history = context.history()?;
    let is_own = |id: &MigrationId| own.is_own(id) || args.own.contains(id);
    let half = half_moved(&history, is_own);
    history.lock.relocate(&half);
    let problems = development::serious(&history);
    if !problems.is_empty() {
        return Err(development::edited(context, problems)?);
    }
    let mut there = open(&args, context, &history).await?;
    let done = carry_out(&args, context, &history, half, &is_own, there.as_mut()).await;
    if let Some(There { session, .. }) = there {
        session.close().await;
    }
    done
}

/// Somebody must know what is own, and what others have is not.
fn refuse_unknown(args: &Rebase, own: &Own) -> Result<(), Fault> {
    if let Own::Since { merged: Some(merged), .. } = own
        && let Some(id) = args.own.iter().find(|id| merged.entry(id).is_some())
    {
        return Err(Fault::Refused {
            what: format!("{id} is not yours to move: {}", own.why_not()),
            hint: "leave it where it is; what comes before it is allowed with lock --order-any ID"
                .to_owned(),
        });
    }
    match own {
        Own::Unknown { why } if args.own.is_empty() => Err(Fault::Refused {
            what: format!("nothing is known to be your own: {why}"),
            hint: "name what nobody else has applied: cargo xtask db rebase --own ID".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The development database; none when it was not created yet.
async fn open(args: &Rebase, context: &Context, history: &History) -> Result<Option<There>, Fault> {
    let url = context.url(history.dialect())?;
    if !exists(&url.value, &context.session()?).await? {
        return Ok(None);
    }
    let mut session = match args.dry_run {
        true => context.open(history).await?,
        false => context.open_to_write(history).await?,
    };
    match look(context, history, &mut session).await {
        Ok(seen) => Ok(Some(There { session, seen })),
        Err(fault) => {
            session.close().await;
            Err(fault)
        }
    }
}

async fn look(
    context: &Context,
    history: &History,
    session: &mut Session,
) -> Result<Inspection, Fault> {
    context.refuse_production("rebase", session).await?;
    let seen = inspect(session, history).await?;
    let survey = &seen.survey;
    if !survey.failed.is_empty() || !survey.running.is_empty() {
        return Err(Error::Conflict(Box::new(seen.survey)).into());
    }
    Ok(seen)
}

async fn carry_out(
    args: &Rebase,
    context: &Context,
    history: &History,
    half: Vec<Move>,
    is_own: &impl Fn(&MigrationId) -> bool,
    mut there: Option<&mut There>,
) -> Result<Reply, Fault> {
    let applied = there.as_ref().map(|there| names(&there.seen)).unwrap_or_default();
    let taken: Vec<MigrationId> = applied.iter().filter_map(|name| name.parse().ok()).collect();
    let moves = rebase(history, is_own, &taken, context.now())
        .map_err(|problem| Fault::Internal(format!("a new id: {problem}")))?;
    let plan = Plan { half, moves };
    for one in &plan.moves {
        let row = if applied.contains(one.from.as_str()) { ", with its row" } else { "" };
        context.output.say(format!("will move {} to {}{row}", one.from, one.to));
    }
    if args.dry_run {
        return Ok(answer(&plan, &[], true, None));
    }
    let history = moves::on_disk(context, &plan.half, &plan.moves)?;
    // A line that an interrupted run moved on disk has its new id in the lock file now.
    let moved = |id: &MigrationId| is_own(id) || plan.half.iter().any(|one| one.to == *id);
    let (mut rows, mut next) = (Vec::new(), None);
    if let Some(there) = &mut there {
        rows = moves::in_database(context, &history, &mut there.session, moved).await?;
        let after = inspect(&mut there.session, &history).await?;
        next = then(&after);
    }
    Ok(answer(&plan, &rows, false, next))
}

/// The names that the database has applied.
fn names(seen: &Inspection) -> std::collections::BTreeSet<String> {
    seen.survey.applied.iter().map(|row| row.name.clone()).collect()
}

/// What is left to do for what was merged.
fn then(after: &Inspection) -> Option<String> {
    match after.survey.out_of_order.as_slice() {
        [] => None,
        [id] => Some(format!(
            "next: cargo xtask db migrate, which asks about {id}: it was merged, and is not \
             applied here yet"
        )),
        [first, rest @ ..] => Some(format!(
            "next: cargo xtask db migrate, which asks about {first} and {} more: they were merged, \
             and are not applied here yet",
            rest.len()
        )),
    }
}

fn answer(plan: &Plan, rows: &[Resolution], dry_run: bool, next: Option<String>) -> Reply {
    let all: Vec<&Move> = plan.half.iter().chain(&plan.moves).collect();
    let mut lines: Vec<String> =
        plan.half.iter().map(|one| format!("finished moving {} to {}", one.from, one.to)).collect();
    if !dry_run {
        lines.extend(plan.moves.iter().map(|one| format!("moved {} to {}", one.from, one.to)));
    }
    let rows: Vec<Value> = rows
        .iter()
        .filter_map(|row| match row {
            Resolution::Renamed { old, new } => Some(json!({ "from": old, "to": new.as_str() })),
            _ => None,
        })
        .collect();
    match (dry_run, plan.moves.len(), rows.len()) {
        (true, 0, _) => lines.push("nothing to move: your own migrations come last".to_owned()),
        (true, 1, _) => lines.push("1 migration would be moved; nothing was changed".to_owned()),
        (true, n, _) => lines.push(format!("{n} migrations would be moved; nothing was changed")),
        (false, 0, 0) if plan.half.is_empty() => {
            lines.push("nothing to move: your own migrations come last".to_owned());
        }
        (false, _, 0) => {}
        (false, _, 1) => lines.push("renamed 1 row of the database".to_owned()),
        (false, _, n) => lines.push(format!("renamed {n} rows of the database")),
    }
    lines.extend(next);
    let pair = |one: &&Move| json!({ "from": one.from.as_str(), "to": one.to.as_str() });
    let object = json!({
        "moved": all.iter().map(pair).collect::<Vec<_>>(),
        "rows": rows,
        "dry_run": dry_run,
    });
    Reply::new(lines.join("\n"), object)
}
