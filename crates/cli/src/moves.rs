//! Gives migrations other ids: their folders, their lines of the lock file, and their rows of the
//! development database.
//!
//! Invariant: what an interruption leaves is finished by doing it again. Folders go first, newest
//! first, so that the order of what moves is the same at every moment; a folder without its line is
//! known by its text, and so is a row without its folder.

use xtask_db_engine::{Resolution, Session, inspect, resolve};
use xtask_db_history::{History, Move, rename_migration};

use crate::context::Context;
use crate::development;
use crate::fault::Fault;

/// Renames the folders and moves their lines. `half` are folders that an interrupted run renamed.
/// Returns the history as it is on disk then.
pub(crate) fn on_disk(context: &Context, half: &[Move], moves: &[Move]) -> Result<History, Fault> {
    let dir = context.migrations()?;
    if !half.is_empty() {
        relocate(context, half)?;
    }
    for one in moves.iter().rev() {
        rename_migration(&dir, &one.from, &one.to)
            .map_err(|problem| Fault::Folder(vec![problem]))?;
    }
    relocate(context, moves)?;
    context.history()
}

fn relocate(context: &Context, moves: &[Move]) -> Result<(), Fault> {
    match context.lock_file()? {
        Some(mut lock) => {
            lock.relocate(moves);
            context.write_lock(&lock)
        }
        None => Ok(()),
    }
}

/// Gives the rows of the database the names of the folders that have their texts. Returns the rows
/// that were renamed.
pub(crate) async fn in_database(
    context: &Context,
    history: &History,
    session: &mut Session,
    wanted: impl Fn(&xtask_db_history::MigrationId) -> bool,
) -> Result<Vec<Resolution>, Fault> {
    let seen = inspect(session, history).await?;
    let options = development::options(context, "rebase")?;
    let mut progress = context.progress();
    let mut done = Vec::new();
    for renamed in seen.survey.renamed.into_iter().filter(|renamed| wanted(&renamed.to)) {
        let resolution = Resolution::Renamed { old: renamed.from, new: renamed.to };
        resolve(session, history, &resolution, &options, &mut progress).await?;
        done.push(resolution);
    }
    Ok(done)
}
