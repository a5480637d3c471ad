//! `status`: where the database stands against the disk.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};
use xtask_db_engine::{BackfillState, Backfilling, Error, Inspection, Session, backfills, inspect};
use xtask_db_history::{History, Survey, disk_problems};

use crate::backfilling::{self, unfinished};
use crate::codes::{self, describe, states};
use crate::context::Context;
use crate::counted::counted_is;
use crate::fault::Fault;
use crate::output::Reply;
use crate::progress;
use crate::schema::{Drift, Looked, look};

/// How many applied migrations are shown; `--all` shows every one.
const APPLIED_SHOWN: usize = 5;

/// Show where the database stands against the migrations on disk
///
/// Every state is reported, none hides another: applied, pending, running, failed, rolled back,
/// edited, missing, ahead, out of order, renamed, drafts. Nothing is written.
///
/// With --drift: also what was changed in the database outside the migrations, as SQL.
///
/// Exit status: 0 up to date, 3 the database is behind, 4 the history conflicts, 8 drift.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Show every applied migration, not only the last ones
    #[arg(long)]
    all: bool,
    /// Replay what is applied on a throwaway database, and compare the database with it
    #[arg(long)]
    drift: bool,
}

pub(crate) async fn run(args: Status, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    let mut session = context.open(&history).await?;
    let seen = inspect(&mut session, &history).await;
    let server = session.server().clone();
    let drift = match &seen {
        Ok(seen) if args.drift && !seen.ledger.unmanaged() => {
            Some(drift(context, &mut session, &history, seen).await)
        }
        _ => None,
    };
    session.close().await;
    let (seen, drift) = (seen?, drift.transpose()?);
    if seen.ledger.unmanaged() {
        return Err(Error::Unmanaged {
            table: history.lock.table.clone(),
            objects: seen.ledger.objects,
            ledgers: seen.ledger.foreign.clone(),
        }
        .into());
    }
    let mut text = format!(
        "{} {} · {}{}\n",
        server.name,
        server.version,
        server.database,
        seen.ledger.environment().map(|name| format!(" · {name}")).unwrap_or_default()
    );
    let all = backfills(&history, &seen.ledger)?;
    let left = unfinished(&history, &seen.ledger)?;
    text.push_str(&table(&seen, &all, args.all));
    let mut object = object(&history, &seen);
    object["backfills"] = all.iter().map(backfilling::object).collect();
    object["up_to_date"] = json!(seen.survey.up_to_date() && left.is_empty());
    let found = drift.as_ref().and_then(|looked| tell(looked, &mut text, &mut object));
    let reply = Reply::new(text.trim_end(), object);
    Ok(verdict(reply, &history, (seen.survey, left), found))
}

async fn drift(
    context: &Context,
    session: &mut Session,
    history: &History,
    seen: &Inspection,
) -> Result<Looked, Fault> {
    let mut shadows = context.shadows(&history.lock)?;
    let looked = look(context, &mut shadows, session, history, seen).await;
    shadows.release(&mut context.progress()).await;
    looked
}

/// Puts what was looked for into the answer; returns what was found.
fn tell<'a>(looked: &'a Looked, text: &mut String, object: &mut Value) -> Option<&'a Drift> {
    match looked {
        Looked::None => {
            text.push_str("no drift: the database is what the applied migrations make\n");
            object["drift"] = json!({ "steps": [] });
            None
        }
        Looked::Unknown(why) => {
            let _ = writeln!(text, "drift is not known: {why}");
            object["drift"] = json!({ "unknown": why });
            None
        }
        Looked::Found(drift) => {
            let _ = writeln!(text, "{}", drift.lines().join("\n"));
            object["drift"] = drift.json();
            Some(drift)
        }
    }
}

/// The answer with its exit status: 4 before 8 before 3.
fn verdict(
    reply: Reply,
    history: &History,
    (survey, left): (Survey, Vec<Backfilling>),
    drift: Option<&Drift>,
) -> Reply {
    let disk: Vec<_> =
        disk_problems(history).into_iter().filter(|problem| !problem.is_warning()).collect();
    let serious: Vec<_> = disk
        .into_iter()
        .filter(|problem| !matches!(problem, xtask_db_history::DiskProblem::Unlisted { .. }))
        .collect();
    if survey.conflict() {
        let fault = Fault::Engine(Error::Conflict(Box::new(survey)));
        return reply.problem(codes::problem(&fault));
    }
    if !serious.is_empty() {
        return reply.problem(codes::problem(&Fault::Disk(serious)));
    }
    if let Some(drift) = drift {
        let mut problem = codes::problem(&Fault::Drift(Box::new(drift.clone())));
        problem.details.clear(); // the answer has them
        return reply.problem(problem);
    }
    if !survey.up_to_date() {
        return reply.problem(codes::problem(&Fault::Behind(Box::new(survey))));
    }
    if !left.is_empty() {
        return reply.problem(codes::problem(&Fault::Unfilled { waiting: None, left }));
    }
    reply
}

fn table(seen: &Inspection, backfills: &[Backfilling], all: bool) -> String {
    let survey = &seen.survey;
    let mut text = String::new();
    let hidden = if all { 0 } else { survey.applied.len().saturating_sub(APPLIED_SHOWN) };
    if hidden > 0 {
        let _ = writeln!(text, "applied       {hidden} earlier ones (--all shows them)");
    }
    for row in &survey.applied[hidden..] {
        let at = row.finished_at.as_deref().unwrap_or("");
        let _ = writeln!(text, "applied       {}  {at}", row.name);
    }
    for line in states(survey) {
        let _ = writeln!(text, "{line}");
    }
    let done = |one: &Backfilling| one.progress.state == BackfillState::Done;
    for one in backfills.iter().filter(|one| all || !done(one)) {
        let _ = writeln!(text, "{}", backfilling::line(one));
    }
    for id in &survey.pending {
        let draft = if survey.drafts.contains(id) { " (draft)" } else { "" };
        let _ = writeln!(text, "pending       {id}{draft}");
    }
    if let Some(holder) = &seen.ledger.holder {
        let _ = writeln!(text, "deploy lock   {}", progress::holder(holder));
    }
    if survey.up_to_date() && backfills.iter().all(done) {
        let applied = counted_is(survey.applied.len(), "migration");
        let _ = writeln!(text, "up to date: {applied} applied");
    }
    text
}

/// The answer for programs, version 1.
pub(crate) fn object(history: &History, seen: &Inspection) -> Value {
    let survey = &seen.survey;
    let ids = |ids: &[xtask_db_history::MigrationId]| -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    };
    let unfinished = |list: &[xtask_db_history::Unfinished]| -> Vec<String> {
        list.iter().map(|unfinished| unfinished.row.name.clone()).collect()
    };
    json!({
        "provider": history.dialect().provider(),
        "environment": seen.ledger.environment(),
        "applied": survey.applied.iter().map(|row| json!({
            "id": row.name, "checksum": row.checksum, "applied_at": row.finished_at,
            "duration_ms": row.duration_ms,
        })).collect::<Vec<_>>(),
        "pending": ids(&survey.pending),
        "running": unfinished(&survey.running),
        "failed": survey.failed.iter().map(|failed| json!({
            "id": failed.row.name, "step": failed.row.steps,
            "steps": steps(history, &failed.row.name), "logs": failed.row.logs,
        })).collect::<Vec<_>>(),
        "rolled_back": survey.rolled_back.iter().map(|f| f.id.to_string()).collect::<Vec<_>>(),
        "edited": survey.edited.iter().map(|edited| json!({
            "id": edited.id.as_str(), "cosmetic": edited.cosmetic, "recorded": edited.recorded,
            "found": edited.found.to_string(),
        })).collect::<Vec<_>>(),
        "missing": survey.missing.iter().map(|row| row.name.clone()).collect::<Vec<_>>(),
        "ahead": survey.ahead.iter().map(|ahead| ahead.row.name.clone()).collect::<Vec<_>>(),
        "out_of_order": ids(&survey.out_of_order),
        "renamed": survey.renamed.iter().map(|renamed| json!({
            "from": renamed.from, "to": renamed.to.as_str(),
        })).collect::<Vec<_>>(),
        "drafts": ids(&survey.drafts),
        "disk": disk_problems(history).iter().map(describe).collect::<Vec<_>>(),
        "up_to_date": survey.up_to_date(),
    })
}

/// How many statements a migration on disk has.
fn steps(history: &History, name: &str) -> Option<usize> {
    let migration = history.get(&name.parse().ok()?)?;
    let syntax = xtask_db_sql::Syntax::of(history.dialect());
    let script = xtask_db_sql::split(&migration.up.text, syntax).ok()?;
    Some(script.statements.len())
}
