//! `backfill`: runs data migrations in batches, shows how far they are, holds them.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;
use xtask_db_engine::{BackfillOptions, BackfillState, backfills, inspect, pause_backfill};
use xtask_db_history::{History, MigrationId};

use crate::backfilling::{line, object, run_one, unfinished};
use crate::codes;
use crate::context::Context;
use crate::counted::counted;
use crate::fault::Fault;
use crate::output::Reply;

/// Run data migrations in batches, show how far they are, hold them
///
/// A migration with a backfill.sql changes rows after its migration.sql was applied: batch by
/// batch along a key, each batch in a transaction of its own together with the progress. Killed
/// at any moment, the next run goes on where it ended; no batch is done twice, none is left out.
/// A later migration that says `-- xtask-db: after-backfill ID` is not deployed before it is done.
#[derive(Debug, Args)]
pub(crate) struct Backfill {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Run(Run),
    Status(Status),
    Pause(Pause),
}

/// Run backfills to their end, from where they are
///
/// The size of a batch follows the time it takes. Where the server can end a statement
/// (PostgreSQL, MariaDB), a batch that takes longer than --batch-time is rolled back and a smaller
/// one is tried, so that nobody waits longer for its rows. After the last batch verify.sql must
/// pass.
///
/// Exit status: 0 done, 3 held by `backfill pause` meanwhile, 6 a batch or the verify failed, 7
/// another runner is at it, 9 the connection failed.
#[derive(Debug, Args)]
struct Run {
    /// Only this one; without it all that are not done, in order
    #[arg(value_name = "ID")]
    id: Option<MigrationId>,
    /// How long a batch may hold its rows, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 200)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    batch_time: u64,
    /// Rest between batches, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    rest: u64,
    /// Wait while a replica is more than this many seconds behind (PostgreSQL)
    #[arg(long, value_name = "SECONDS")]
    max_lag: Option<u64>,
    /// How long to wait for another runner, and for rows that others have locked, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lock_wait: u64,
}

/// Show how far backfills are
///
/// Exit status: 0 all are done, 3 one is not.
#[derive(Debug, Args)]
struct Status {}

/// Hold a backfill
///
/// The batch that runs now is the last one, until `backfill run` goes on.
#[derive(Debug, Args)]
struct Pause {
    /// Only this one; without it all that run
    #[arg(value_name = "ID")]
    id: Option<MigrationId>,
}

pub(crate) async fn run(args: Backfill, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    match args.action {
        Action::Run(args) => run_all(&args, context, &history).await,
        Action::Status(_) => {
            let mut session = context.open(&history).await?;
            let seen = inspect(&mut session, &history).await;
            session.close().await;
            reply(Vec::new(), &history, &seen?.ledger)
        }
        Action::Pause(args) => pause(&args, context, &history).await,
    }
}

async fn run_all(args: &Run, context: &Context, history: &History) -> Result<Reply, Fault> {
    let options = BackfillOptions {
        actor: context.actor("backfill run"),
        lock_wait: Duration::from_secs(args.lock_wait),
        batch_time: Duration::from_millis(args.batch_time),
        pause: Duration::from_millis(args.rest),
        max_lag: args.max_lag.map(Duration::from_secs),
        environment: environment(context)?,
    };
    let mut session = context.open_to_write(history).await?;
    let done = async {
        let seen = inspect(&mut session, history).await?;
        let ids = match &args.id {
            Some(id) => vec![id.clone()],
            None => unfinished(history, &seen.ledger)?.into_iter().map(|one| one.id).collect(),
        };
        let mut lines = Vec::new();
        for id in &ids {
            let mut progress = context.progress();
            lines.push(run_one(&mut session, history, id, &options, &mut progress).await?);
        }
        let seen = inspect(&mut session, history).await?;
        Ok::<_, Fault>((lines, seen))
    }
    .await;
    session.close().await;
    let (lines, seen) = done?;
    reply(lines, history, &seen.ledger)
}

async fn pause(args: &Pause, context: &Context, history: &History) -> Result<Reply, Fault> {
    let mut session = context.open_to_write(history).await?;
    let done = async {
        let ids = match &args.id {
            Some(id) => vec![id.clone()],
            None => {
                let seen = inspect(&mut session, history).await?;
                let running = unfinished(history, &seen.ledger)?.into_iter();
                running
                    .filter(|one| one.progress.state == BackfillState::Running)
                    .map(|one| one.id)
                    .collect()
            }
        };
        let (actor, environment) = (context.actor("backfill pause"), environment(context)?);
        let mut lines = Vec::new();
        for id in &ids {
            let held =
                pause_backfill(&mut session, history, id, &actor, environment.as_deref()).await?;
            lines.push(match held.state {
                BackfillState::Paused => format!("held: {id}"),
                BackfillState::Done => format!("done already: {id}"),
                _ => format!("not begun: {id}"),
            });
        }
        Ok::<_, Fault>((ids, lines))
    }
    .await;
    session.close().await;
    let (ids, mut lines) = done?;
    if ids.is_empty() {
        lines.push("no backfill runs".to_owned());
    }
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    Ok(Reply::new(lines.join("\n"), json!({ "held": ids })))
}

/// The lines of what was done, or of where all of them are; with what is not done as a problem.
fn reply(
    mut lines: Vec<String>,
    history: &History,
    ledger: &xtask_db_engine::Ledger,
) -> Result<Reply, Fault> {
    let all = backfills(history, ledger)?;
    if lines.is_empty() {
        lines.extend(all.iter().map(line));
        lines.push(format!("{} of applied migrations", counted(all.len(), "backfill")));
    }
    let objects: Vec<_> = all.iter().map(object).collect();
    let reply = Reply::new(lines.join("\n"), json!({ "backfills": objects }));
    let left = unfinished(history, ledger)?;
    Ok(match left.is_empty() {
        true => reply,
        false => reply.problem(codes::problem(&Fault::Unfilled { waiting: None, left })),
    })
}

/// The environment that was named.
pub(crate) fn environment(context: &Context) -> Result<Option<String>, Fault> {
    let environment = context.project()?.environment.as_ref();
    Ok(environment.map(|environment| environment.value.clone()))
}
