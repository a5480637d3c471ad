//! `backup`: a dump of the database, checked.

use std::time::Duration;

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Session, under_lock};

use crate::backup::{Maker, Purpose, Record, Verify};
use crate::context::Context;
use crate::counted::size;
use crate::fault::Fault;
use crate::output::Reply;

/// Back the database up
///
/// Runs `pg_dump`, `mariadb-dump` or `mysqldump`, or copies the SQLite file, or runs the
/// configured `backup-command`; then reads the result to its end, and gives it its name only then.
/// A record beside it says what it is of, and its hash. No deploy runs meanwhile.
///
/// Exit status: 0 done, 1 no backup was made, 2 the program is missing or does not fit the
/// server, 7 the deploy lock was not free in time.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// How far it is tried that it can be brought back
    #[arg(long, value_name = "HOW", default_value = "read")]
    verify: Verify,
    /// How long to wait for a deploy that gives no sign of life, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lock_wait: u64,
}

pub(crate) async fn run(args: Backup, context: &Context) -> Result<Reply, Fault> {
    let url = context.database()?;
    context.say_where(&url)?;
    let mut session = Session::open(&url.value, &context.ledger()?, &context.session()?).await?;
    let made = make(&args, context, &mut session, &url.value).await;
    session.close().await;
    let (path, record) = made?;
    let path = context.shown(&path).display().to_string();
    let text = format!("backup {path} ({}, {})", size(record.size_bytes), record.checked);
    Ok(Reply::new(text, object(&path, &record)))
}

async fn make(
    args: &Backup,
    context: &Context,
    session: &mut Session,
    url: &xtask_db_engine::DbUrl,
) -> Result<(std::path::PathBuf, Record), Fault> {
    let mut maker = Maker::prepare(context, (session, url), Purpose::Backup, args.verify).await?;
    let wait = Duration::from_secs(args.lock_wait);
    let mut progress = context.progress();
    let actor = context.actor("backup");
    let done = under_lock(session, &actor, wait, &mut maker, &mut progress).await;
    done.map_err(|error| maker.explain(error))?;
    maker.made.ok_or_else(|| Fault::Internal("no backup was made".to_owned()))
}

/// A backup as JSON.
pub(crate) fn object(path: &str, record: &Record) -> serde_json::Value {
    let mut object = json!({ "file": path });
    if let (Some(to), Ok(serde_json::Value::Object(from))) =
        (object.as_object_mut(), serde_json::to_value(record))
    {
        to.extend(from.into_iter().filter(|(name, _)| name != "version"));
    }
    object
}
