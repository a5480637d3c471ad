//! Tries a history on a shadow, so that a broken migration is found before a database is touched.

use std::time::Instant;

use xtask_db_engine::{Error, LeftAs, replay};
use xtask_db_history::{History, LockFile};

use crate::context::Context;
use crate::fault::Fault;
use crate::progress::took;
use crate::schema::Quieter;

/// Replays every migration. Returns the statements that were not run there, because they reach
/// outside one database. `lock` is the lock file on disk, which says what is fixed.
pub(crate) async fn try_out(
    context: &Context,
    history: &History,
    lock: &LockFile,
) -> Result<Vec<String>, Fault> {
    let url = context.url(history.dialect())?.value;
    let options = context.shadow_options()?;
    let started = Instant::now();
    let mut progress = Quieter::of(context);
    let done = replay(&url, history, &options, &mut progress).await;
    drop(progress);
    let skipped = done.map_err(|error| on_shadow(error, history, lock))?;
    tell_not_run(context, &skipped);
    tell_tried(context, history.migrations.len(), started);
    Ok(skipped)
}

/// Names the statements that were not run on a shadow.
pub(crate) fn tell_not_run(context: &Context, statements: &[String]) {
    for statement in statements {
        context.output.say(format!("not tried, it reaches outside the database: {statement}"));
    }
}

/// Says that migrations were tried, and how long it took.
pub(crate) fn tell_tried(context: &Context, count: usize, started: Instant) {
    let plural = if count == 1 { "" } else { "s" };
    let time = took(started.elapsed());
    context.output.whisper(format!("tried {count} migration{plural} on a shadow in {time}"));
}

/// What is left of a failed migration is on the shadow, and the shadow is gone.
pub(crate) fn on_shadow(error: Error, history: &History, lock: &LockFile) -> Fault {
    let Error::Failed(mut failure) = error else { return error.into() };
    failure.left = LeftAs::Untouched;
    let migration = failure.id.as_ref().and_then(|id| history.get(id));
    let sealed = migration.is_some_and(|migration| {
        lock.sealed(&migration.id).is_some_and(|line| line.sha256 == migration.checksum)
    });
    Fault::Shadow { failure, sealed }
}
