//! `wait`: until the database answers, or until nothing is pending.

use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Error, inspect, wait};

use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::progress::took;

/// How often the ledger is read while waiting.
const POLL: Duration = Duration::from_millis(500);

/// Wait until the database answers, or until nothing is pending
///
/// `wait` is for containers that start together with their database. `wait --applied` is for
/// replicas that start while a job deploys: it ends when every migration on disk is applied.
#[derive(Debug, Args)]
pub(crate) struct Wait {
    /// How long, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Until every migration on disk is applied
    #[arg(long)]
    applied: bool,
}

pub(crate) async fn run(args: Wait, context: &Context) -> Result<Reply, Fault> {
    let start = Instant::now();
    let timeout = Duration::from_secs(args.timeout);
    let url = context.database()?;
    wait(&url.value, &context.session()?, timeout).await?;
    if args.applied {
        applied(context, start, timeout).await?;
    }
    let what = if args.applied { "every migration is applied" } else { "the database answers" };
    let text = format!("{what} ({})", took(start.elapsed()));
    let waited_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Reply::new(text, json!({ "ready": true, "waited_ms": waited_ms })))
}

async fn applied(context: &Context, start: Instant, timeout: Duration) -> Result<(), Fault> {
    let history = context.history()?;
    loop {
        let mut session = context.open(&history).await?;
        let seen = inspect(&mut session, &history).await;
        session.close().await;
        let survey = seen?.survey;
        if survey.up_to_date() {
            return Ok(());
        }
        if survey.conflict() {
            return Err(Error::Conflict(Box::new(survey)).into());
        }
        if start.elapsed() >= timeout {
            return Err(Fault::Behind(Box::new(survey)));
        }
        tokio::time::sleep(POLL.min(timeout.saturating_sub(start.elapsed()))).await;
    }
}
