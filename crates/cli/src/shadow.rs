//! Tries a history on a shadow, so that a broken migration is found before a database is touched.

use std::fs;
use std::time::Instant;

use xtask_db_engine::{Error, Event, LeftAs, Observer, ShadowOptions, replay};
use xtask_db_history::{History, LockFile, canonical};

use crate::context::Context;
use crate::fault::Fault;
use crate::progress::{Progress, took};

/// Replays every migration. Returns the statements that were not run there, because they reach
/// outside one database. `lock` is the lock file on disk, which says what is fixed.
pub(crate) async fn try_out(
    context: &Context,
    history: &History,
    lock: &LockFile,
) -> Result<Vec<String>, Fault> {
    let url = context.url(history.dialect())?.value;
    let options = options(context)?;
    let started = Instant::now();
    let mut progress = Quieter(context.progress().on_shadow());
    let done = replay(&url, history, &options, &mut progress).await;
    drop(progress);
    let skipped = done.map_err(|error| on_shadow(error, history, lock))?;
    for statement in &skipped {
        context.output.say(format!("not tried, it reaches outside the database: {statement}"));
    }
    let count = history.migrations.len();
    let plural = if count == 1 { "" } else { "s" };
    let time = took(started.elapsed());
    context.output.whisper(format!("tried {count} migration{plural} on a shadow in {time}"));
    Ok(skipped)
}

fn options(context: &Context) -> Result<ShadowOptions, Fault> {
    let project = context.project()?;
    let init = match project.text("shadow-init") {
        None => None,
        Some(setting) => {
            let path = project.root.join(setting.value);
            let io = |source| Fault::Io { path: path.clone(), source };
            let bytes = fs::read(&path).map_err(io)?;
            let text = canonical(&bytes).map_err(|problem| {
                io(std::io::Error::new(std::io::ErrorKind::InvalidData, problem))
            })?;
            Some((context.shown(&path).display().to_string(), text.into_owned()))
        }
    };
    Ok(ShadowOptions { session: context.session()?, url: project.shadow_url()?, init })
}

/// What is left of a failed migration is on the shadow, and the shadow is gone.
fn on_shadow(error: Error, history: &History, lock: &LockFile) -> Fault {
    let Error::Failed(mut failure) = error else { return error.into() };
    failure.left = LeftAs::Untouched;
    let migration = failure.id.as_ref().and_then(|id| history.get(id));
    let sealed = migration.is_some_and(|migration| {
        lock.sealed(&migration.id).is_some_and(|line| line.sha256 == migration.checksum)
    });
    Fault::Shadow { failure, sealed }
}

/// Shows what is tried while it is, and leaves no line per migration.
struct Quieter(Progress);

impl Observer for Quieter {
    fn on(&mut self, event: Event<'_>) {
        match event {
            Event::Finished(_) | Event::Failed(_) => {}
            event => self.0.on(event),
        }
    }
}
