//! `resolve`: settles what a person must settle.

use std::time::Duration;

use clap::{ArgGroup, Args};
use serde_json::json;
use xtask_db_engine::{DeployOptions, Inspection, Resolution, ResolveReport, inspect, resolve};
use xtask_db_history::{History, MigrationId, Row};

use crate::context::Context;
use crate::counted::counted_is;
use crate::development;
use crate::fault::Fault;
use crate::output::Reply;

/// Settle what a person must settle: say what is applied and what is not
///
/// Changes the ledger only, and runs no SQL of a migration; `--resume` is the exception. Look at
/// the database first, then say what you found. Works on protected databases.
///
/// Exit status: 0 done, 4 the migration is not in a state that this fits; nothing was changed.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("resolution").required(true)
    .args(["applied", "rolled_back", "resume", "applied_through", "renamed"]))]
pub(crate) struct Resolve {
    /// It is applied: somebody finished it by hand, or it was there before
    #[arg(long, value_name = "ID")]
    applied: Option<MigrationId>,
    /// It is not applied: somebody undid what it had done
    #[arg(long, value_name = "ID")]
    rolled_back: Option<String>,
    /// Run the rest of a migration that stopped between its statements
    #[arg(long, value_name = "ID")]
    resume: Option<MigrationId>,
    /// With --resume: the statement to go on with, counted from 1
    #[arg(long, value_name = "K", requires = "resume",
        value_parser = clap::value_parser!(u32).range(1..))]
    from: Option<u32>,
    /// A baseline: this migration and all before it are applied
    #[arg(long, value_name = "ID")]
    applied_through: Option<MigrationId>,
    /// A folder was renamed: the ledger takes the new name
    #[arg(long, value_name = "OLD=NEW", value_parser = renaming)]
    renamed: Option<(String, MigrationId)>,
    /// How long to wait for the deploy lock, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lock_wait: u64,
}

pub(crate) async fn run(args: Resolve, context: &Context) -> Result<Reply, Fault> {
    let lock_wait = Duration::from_secs(args.lock_wait);
    let resolution = resolution(args)?;
    let history = context.history()?;
    let project = context.project()?;
    let options = DeployOptions {
        actor: context.actor("resolve"),
        lock_wait,
        environment: project.environment.as_ref().map(|environment| environment.value.clone()),
        keep_down: !project.protected(),
        ..DeployOptions::default()
    };
    let mut session = context.open_to_write(&history).await?;
    let seen = inspect(&mut session, &history).await;
    let mut progress = context.progress();
    let done = match &seen {
        Ok(_) => resolve(&mut session, &history, &resolution, &options, &mut progress).await,
        Err(_) => Ok(ResolveReport::default()),
    };
    drop(progress);
    let after = inspect(&mut session, &history).await;
    session.close().await;
    let (seen, done, after) = (seen?, done?, after?);
    Ok(reply(&history, &resolution, &seen, &done, &after))
}

fn resolution(args: Resolve) -> Result<Resolution, Fault> {
    let Resolve { applied, rolled_back, resume, from, applied_through, renamed, .. } = args;
    let given = [
        applied.map(Resolution::Applied),
        rolled_back.map(Resolution::RolledBack),
        resume.map(|id| Resolution::Resume { id, from }),
        applied_through.map(Resolution::AppliedThrough),
        renamed.map(|(old, new)| Resolution::Renamed { old, new }),
    ];
    let given = given.into_iter().flatten().next();
    given.ok_or_else(|| Fault::Usage("nothing to resolve is named".to_owned()))
}

/// `OLD=NEW`; a name may hold a `=` itself, so the last one that leaves an id counts.
fn renaming(text: &str) -> Result<(String, MigrationId), String> {
    let parts = text.rmatch_indices('=').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let mut parsed = parts.filter(|(old, _)| !old.is_empty()).map(|(old, new)| {
        let id = new.parse::<MigrationId>().map_err(|problem| problem.to_string())?;
        Ok((old.to_owned(), id))
    });
    let first = parsed.next().unwrap_or_else(|| Err("write OLD=NEW".to_owned()));
    if first.is_ok() {
        return first;
    }
    parsed.find(Result::is_ok).unwrap_or(first)
}

fn reply(
    history: &History,
    resolution: &Resolution,
    seen: &Inspection,
    done: &ResolveReport,
    after: &Inspection,
) -> Reply {
    let name = match resolution {
        Resolution::Applied(id)
        | Resolution::Resume { id, .. }
        | Resolution::AppliedThrough(id) => id.to_string(),
        Resolution::RolledBack(name) => name.clone(),
        Resolution::Renamed { old, .. } => old.clone(),
    };
    let before = known(&seen.ledger.rows, &name);
    let mut lines = Vec::new();
    match resolution {
        Resolution::AppliedThrough(_) => {
            let plural = if done.changed.len() == 1 { "" } else { "s" };
            lines.push(format!(
                "recorded {} migration{plural} as applied, up to {name}; {} already were",
                done.changed.len(),
                done.unchanged.len()
            ));
        }
        Resolution::Renamed { new, .. } if !done.changed.is_empty() => {
            lines.push(format!("was  {name}: {before}"));
            lines.push(format!("now  {new}: {}", known(&after.ledger.rows, new.as_str())));
        }
        _ if done.changed.is_empty() => lines.push(format!("{name} is that already: {before}")),
        _ => {
            lines.push(format!("was  {name}: {before}"));
            lines.push(format!("now  {name}: {}", known(&after.ledger.rows, &name)));
        }
    }
    if let (None, Some(environment)) = (seen.ledger.environment(), after.ledger.environment()) {
        lines.push(format!("the database is now marked {environment}"));
    }
    lines.push(next(history, after));
    let object = json!({
        "changed": done.changed,
        "unchanged": done.unchanged,
        "applied": development::applied(&done.applied),
        "before": before,
        "environment": after.ledger.environment(),
        "pending": after.survey.pending.len(),
    });
    Reply::new(lines.join("\n"), object)
}

/// What the ledger says of a name, as the end of a line.
fn known(rows: &[Row], name: &str) -> String {
    let Some(row) = rows.iter().rev().find(|row| row.name == name) else {
        return "not in the ledger".to_owned();
    };
    match (&row.finished_at, &row.rolled_back_at) {
        (_, Some(at)) => format!("rolled back {at}"),
        (Some(at), None) => format!("applied {at}"),
        (None, None) => {
            let plural = if row.steps == 1 { "" } else { "s" };
            let said = row.logs.as_deref().and_then(|logs| logs.lines().next());
            let said = said.unwrap_or("no error was recorded: the process ended");
            format!("failed, {} statement{plural} committed; {said}", row.steps)
        }
    }
}

/// The next command.
fn next(history: &History, after: &Inspection) -> String {
    let survey = &after.survey;
    let count = survey.pending.len();
    let plural = if count == 1 { "" } else { "s" };
    if survey.conflict() {
        "next: cargo xtask db status shows what is left to settle".to_owned()
    } else if count > 0 {
        let draft = |id| history.lock.sealed(id).is_none();
        let command = if survey.pending.iter().any(draft) { "migrate" } else { "deploy" };
        format!("next: cargo xtask db {command} applies {count} pending migration{plural}")
    } else {
        format!("up to date: {} applied", counted_is(survey.applied.len(), "migration"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renaming_has_two_names() {
        let check = |text: &str, expected: Result<(&str, &str), &str>| {
            let found = renaming(text);
            let found = found.as_ref().map(|(old, new)| (old.as_str(), new.as_str()));
            assert_eq!(found.map_err(String::as_str), expected, "{text}");
        };
        check("1_a=2_b", Ok(("1_a", "2_b")));
        check("a=b=2_c", Ok(("a=b", "2_c")));
        check("1_a=2_b=c", Ok(("1_a", "2_b=c")));
        check("=2_b", Err("write OLD=NEW"));
        check("1_a", Err("write OLD=NEW"));
        check("1_a=", Err("the name is empty"));
    }
}
