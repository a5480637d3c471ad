//! `down`: reverts migrations, newest first.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use xtask_db_engine::{
    DownOptions, DownReport, Error, Inspection, Session, down, down_after, down_text, inspect,
    marker,
};
use xtask_db_history::{History, MigrationId};

use crate::backup::{Maker, Purpose, Record, Verify};
use crate::command::backup::object;
use crate::command::env::typed_name;
use crate::context::Context;
use crate::development;
use crate::fault::Fault;
use crate::output::Reply;
use crate::progress::took;

/// Revert migrations with their down.sql, newest first
///
/// Says first what will be reverted, and with which text: down.sql, or the one that the database
/// kept when it applied the migration. When one of them has none, nothing is run. The lock file
/// stays as it is.
///
/// On any other than a development database, `--env` must name the environment and the
/// database's name must be typed, or given with `--yes-revert`.
#[derive(Debug, Args)]
pub(crate) struct Down {
    /// Revert everything after this migration, which stays applied
    #[arg(long, value_name = "ID", conflicts_with = "steps")]
    to: Option<MigrationId>,
    /// Revert this many
    #[arg(long, value_name = "N", default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Say what would be reverted, and run nothing
    #[arg(long)]
    dry_run: bool,
    /// Make a backup first
    #[arg(long)]
    backup: bool,
    /// Outside development: the database's name
    #[arg(long, value_name = "DATABASE")]
    yes_revert: Option<String>,
}

pub(crate) async fn run(args: Down, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    let mut session = context.open_to_write(&history).await?;
    let done = revert(&args, context, &history, &mut session).await;
    session.close().await;
    done
}

async fn revert(
    args: &Down,
    context: &Context,
    history: &History,
    session: &mut Session,
) -> Result<Reply, Fault> {
    let elsewhere = elsewhere(context, session).await?;
    let seen = inspect(session, history).await?;
    development::refuse_unmanaged(history, &seen)?;
    let survey = &seen.survey;
    if !survey.failed.is_empty() || !survey.running.is_empty() {
        return Err(Error::Conflict(Box::new(seen.survey)).into());
    }
    let ids = chosen(args, &seen)?;
    if ids.is_empty() {
        let text = "nothing to revert: no migration is applied after that";
        return Ok(Reply::new(text, json!({ "reverted": [], "dry_run": args.dry_run })));
    }
    let texts = texts(session, history, &ids).await?;
    for (id, from) in &texts {
        context.output.say(format!("will revert {id} with {from}"));
    }
    if elsewhere && !args.dry_run {
        let database = context.url(history.dialect())?.value.database();
        let plural = if ids.len() == 1 { "" } else { "s" };
        let question = format!("this reverts {} migration{plural} of {database}.", ids.len());
        let typed = args.yes_revert.as_deref();
        context.confirm_name(&question, typed_name(&database), typed, "--yes-revert")?;
    }
    let options = DownOptions {
        actor: context.actor("down"),
        lock_wait: development::LOCK_WAIT,
        dry_run: args.dry_run,
    };
    let (report, made) = after_backup(args, context, session, history, &ids, &options).await?;
    let reverted = report.reverted;
    let count = reverted.len();
    let plural = if count == 1 { "" } else { "s" };
    let text = if args.dry_run {
        format!("{count} migration{plural} would be reverted; nothing was run")
    } else {
        let time = reverted.iter().map(|applied| applied.took).sum();
        format!("reverted {count} migration{plural} in {}", took(time))
    };
    let made =
        made.map(|(path, record)| object(&context.shown(&path).display().to_string(), &record));
    let object = json!({
        "backup": made,
        "reverted": development::applied(&reverted),
        "from": texts.iter().map(|(id, from)| json!({ "id": id.as_str(), "text": from }))
            .collect::<Vec<_>>(),
        "dry_run": args.dry_run,
    });
    Ok(Reply::new(text, object))
}

/// Reverts, behind a backup where one is asked for.
async fn after_backup(
    args: &Down,
    context: &Context,
    session: &mut Session,
    history: &History,
    ids: &[MigrationId],
    options: &DownOptions,
) -> Result<(DownReport, Option<(PathBuf, Record)>), Fault> {
    let mut progress = context.progress().reverting();
    if !args.backup || args.dry_run {
        return Ok((down(session, history, ids, options, &mut progress).await?, None));
    }
    let url = context.url(history.dialect())?.value;
    let on = (&mut *session, &url);
    let mut maker = Maker::prepare(context, on, Purpose::Down, Verify::Read).await?;
    match down_after(session, history, ids, options, &mut maker, &mut progress).await {
        Ok(report) => Ok((report, maker.made)),
        Err(error) => Err(maker.explain(error)),
    }
}

/// Whether this is another than a development database; then the environment must be named, and
/// must be the one in the database.
async fn elsewhere(context: &Context, session: &mut Session) -> Result<bool, Fault> {
    let why = match context.refuse_production("down", session).await {
        Ok(()) => return Ok(false),
        Err(Fault::Protected { why, .. }) => why,
        Err(fault) => return Err(fault),
    };
    let Some(given) = &context.global.env else {
        return Err(Fault::Refused {
            what: format!("{why}: `down` runs there only when the environment is named"),
            hint: "cargo xtask db down --env NAME --yes-revert DATABASE".to_owned(),
        });
    };
    match marker(session).await?.environment {
        Some(found) if found != *given => {
            Err(Error::Environment { found, given: given.clone() }.into())
        }
        _ => Ok(true),
    }
}

/// What is to be reverted, newest first.
fn chosen(args: &Down, seen: &Inspection) -> Result<Vec<MigrationId>, Fault> {
    let mut applied = applied(seen);
    let Some(to) = &args.to else {
        applied.truncate(args.steps as usize);
        return Ok(applied);
    };
    if !applied.contains(to) {
        let problem = "is not applied, so the database cannot go back to it".to_owned();
        return Err(Error::Id { id: to.to_string(), problem }.into());
    }
    applied.retain(|id| id > to);
    Ok(applied)
}

/// The applied migrations, on disk or not, newest first.
pub(crate) fn applied(seen: &Inspection) -> Vec<MigrationId> {
    let names = seen.survey.applied.iter().map(|row| &row.name);
    let mut ids: Vec<MigrationId> = names.filter_map(|name| name.parse().ok()).collect();
    ids.sort_by(|first, second| second.cmp(first));
    ids.dedup();
    ids
}

/// Where the text of each comes from; an error names every one that has none.
pub(crate) async fn texts(
    session: &mut Session,
    history: &History,
    ids: &[MigrationId],
) -> Result<Vec<(MigrationId, String)>, Fault> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for id in ids {
        match down_text(session, history, id.as_str()).await? {
            Some((from, _)) => found.push((id.clone(), from)),
            None => missing.push((id.clone(), no_way_back(session, history, id).await?)),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(Fault::NoWayBack(missing)) }
}

/// Why there is no text: the engine knows whether the migration says so itself.
async fn no_way_back(
    session: &mut Session,
    history: &History,
    id: &MigrationId,
) -> Result<String, Fault> {
    let options = DownOptions {
        actor: xtask_db_engine::Actor::default(),
        lock_wait: development::LOCK_WAIT,
        dry_run: true,
    };
    let ids = std::slice::from_ref(id);
    match down(session, history, ids, &options, &mut xtask_db_engine::Silent).await {
        Err(Error::Id { problem, .. }) => Ok(problem),
        Err(error) => Err(error.into()),
        Ok(_) => Ok("has no down.sql".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_engine::Ledger;
    use xtask_db_history::{Row, Survey};

    use super::*;

    fn row(name: &str) -> Row {
        Row {
            row_id: name.to_owned(),
            name: name.to_owned(),
            checksum: String::new(),
            started_at: String::new(),
            finished_at: Some(String::new()),
            rolled_back_at: None,
            steps: 0,
            logs: None,
            duration_ms: None,
        }
    }

    fn check(names: &[&str], to: Option<&str>, steps: u32, expected: Result<&[&str], &str>) {
        let to = to.map(|id| id.parse().unwrap());
        let args = Down { to, steps, dry_run: false, backup: false, yes_revert: None };
        let applied = names.iter().map(|name| row(name)).collect();
        let survey = Survey { applied, ..Survey::default() };
        let found = chosen(&args, &Inspection { ledger: Ledger::default(), survey });
        let found = found.map_err(|fault| fault.to_string());
        let found = found.as_ref().map(|ids| ids.iter().map(MigrationId::as_str).collect());
        let expected = expected.map(<[&str]>::to_vec);
        assert_eq!(found.map_err(String::as_str), expected, "{names:?}");
    }

    #[test]
    fn the_newest_are_reverted_first() {
        // The ledger is in the order of applying, and another tool's names are not reverted.
        let ledger = ["1_a", "3_c", "2_b", "no version"];
        check(&ledger, None, 1, Ok(&["3_c"]));
        check(&ledger, None, 9, Ok(&["3_c", "2_b", "1_a"]));
        check(&ledger, Some("1_a"), 1, Ok(&["3_c", "2_b"]));
        check(&ledger, Some("3_c"), 1, Ok(&[]));
        let refused = "4_d: is not applied, so the database cannot go back to it";
        check(&ledger, Some("4_d"), 1, Err(refused));
        check(&[], None, 1, Ok(&[]));
    }
}
