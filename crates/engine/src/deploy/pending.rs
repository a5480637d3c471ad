//! What is to be applied, and where an interrupted migration goes on.

use std::collections::BTreeSet;

use xtask_db_history::{History, Migration, MigrationId, Row};

use crate::apply::{Job, Journal, Way, not_again, resumable};
use crate::{DeployOptions, Error, Inspection, Session};

/// A migration to apply.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    pub(super) migration: &'a Migration,
    /// Where it goes on.
    pub(super) resume: Option<Journal>,
}

/// The migrations to apply, in order. Each is split once, so that a fault in the last one is
/// found before the first one runs.
pub(super) async fn pending<'a>(
    session: &mut Session,
    history: &'a History,
    seen: &Inspection,
    options: &DeployOptions,
) -> Result<Vec<Pending<'a>>, Error> {
    let mut todo = Vec::new();
    let wanted = wanted(history, seen, options)?;
    for migration in &history.migrations {
        let unfinished = unfinished(seen, &migration.id);
        if !wanted.contains(&migration.id) && unfinished.is_none() {
            continue;
        }
        if let Some(to) = &options.to
            && migration.id > *to
        {
            break;
        }
        Job::read(Some(&migration.id), &migration.up, session.syntax())?;
        if let Some(verify) = &migration.verify {
            Job::read(Some(&migration.id), verify, session.syntax())?;
        }
        let resume = match unfinished {
            Some(row) => Some(resume(session, seen, migration, row, options).await?),
            None => {
                repeat(seen, migration, options)?;
                None
            }
        };
        todo.push(Pending { migration, resume });
    }
    refuse_drafts(history, &todo, options)?;
    Ok(todo)
}

/// The ids to apply; `--to` must name one of the history.
fn wanted(
    history: &History,
    seen: &Inspection,
    options: &DeployOptions,
) -> Result<BTreeSet<MigrationId>, Error> {
    if let Some(to) = &options.to
        && history.get(to).is_none()
    {
        return Err(Error::Id { id: to.to_string(), problem: "is not on disk".to_owned() });
    }
    let survey = &seen.survey;
    Ok(survey.pending.iter().chain(&survey.out_of_order).cloned().collect())
}

fn unfinished<'a>(seen: &'a Inspection, id: &MigrationId) -> Option<&'a Row> {
    let survey = &seen.survey;
    let all = survey.failed.iter().chain(&survey.running);
    all.map(|unfinished| &unfinished.row).find(|row| row.name == id.as_str())
}

/// Where an unfinished migration goes on, when that is known.
async fn resume(
    session: &mut Session,
    seen: &Inspection,
    migration: &Migration,
    row: &Row,
    options: &DeployOptions,
) -> Result<Journal, Error> {
    let Some(journal) = resumable(session, Way::Up, &row.row_id).await? else {
        // Another tool's row: it says that something failed, not where.
        return Err(Error::Conflict(Box::new(seen.survey.clone())));
    };
    refuse_repeat(migration, row, options)?;
    Ok(journal)
}

/// The last attempt failed, and the same text would fail again.
fn repeat(seen: &Inspection, migration: &Migration, options: &DeployOptions) -> Result<(), Error> {
    match seen.survey.rolled_back.iter().find(|failed| failed.id == migration.id) {
        Some(failed) => refuse_repeat(migration, &failed.row, options),
        None => Ok(()),
    }
}

fn refuse_repeat(migration: &Migration, row: &Row, options: &DeployOptions) -> Result<(), Error> {
    if options.retry { Ok(()) } else { not_again(migration, row) }
}

fn refuse_drafts(
    history: &History,
    todo: &[Pending<'_>],
    options: &DeployOptions,
) -> Result<(), Error> {
    if options.drafts {
        return Ok(());
    }
    let ids = todo.iter().map(|pending| &pending.migration.id);
    let drafts: Vec<_> = ids.filter(|id| history.lock.sealed(id).is_none()).cloned().collect();
    if drafts.is_empty() { Ok(()) } else { Err(Error::Drafts(drafts)) }
}
