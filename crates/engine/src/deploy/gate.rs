//! What must hold before anything is run.

use xtask_db_history::{DiskProblem, History, Unfinished, disk_problems};

use crate::{DeployOptions, Error, Inspection, marker};

/// Folder and lock file agree. In development a draft may be unlisted or out of place.
pub(super) fn disk(history: &History, options: &DeployOptions) -> Result<(), Error> {
    let serious = |problem: &DiskProblem| match problem {
        DiskProblem::Unlisted { .. } => false,
        problem => !problem.is_warning(),
    };
    let problems: Vec<_> = disk_problems(history).into_iter().filter(serious).collect();
    let vanished_draft =
        |problem: &DiskProblem| matches!(problem, DiskProblem::Vanished { sealed: false, .. });
    if problems.iter().all(|problem| options.drafts && vanished_draft(problem)) {
        return Ok(());
    }
    Err(Error::Disk(problems))
}

/// The database is one that these migrations may go to.
pub(super) fn database(
    seen: &Inspection,
    history: &History,
    options: &DeployOptions,
) -> Result<(), Error> {
    let ledger = &seen.ledger;
    if ledger.unmanaged() {
        return Err(Error::Unmanaged {
            table: history.lock.table.clone(),
            objects: ledger.objects,
            ledgers: ledger.foreign.clone(),
        });
    }
    if let (Some(found), Some(given)) = (ledger.environment(), &options.environment)
        && found != given
    {
        return Err(Error::Environment { found: found.to_owned(), given: given.clone() });
    }
    let drafts_allowed = match ledger.environment() {
        None | Some(marker::DEVELOPMENT) => true,
        Some(found) => options.environment.as_deref() == Some(found),
    };
    if options.drafts && !drafts_allowed {
        return Err(Error::Drafts(seen.survey.drafts.clone()));
    }
    Ok(())
}

/// The stored policy is satisfied. Asked only when something is about to run.
pub(super) fn policy(seen: &Inspection, options: &DeployOptions) -> Result<(), Error> {
    if marker::requires_backup(&seen.ledger) && !options.backed_up {
        return Err(Error::Policy { policy: "a backup before each deploy".to_owned() });
    }
    Ok(())
}

/// What the stored policy becomes; none: it stays as it is.
pub(super) fn new_policy(seen: &Inspection, options: &DeployOptions) -> Option<bool> {
    options.require_backup.filter(|&required| required != marker::requires_backup(&seen.ledger))
}

/// The marker to write: the caller's environment on a database that has none.
pub(super) fn stamp(seen: &Inspection, options: &DeployOptions) -> Option<String> {
    if seen.ledger.environment().is_some() {
        return None;
    }
    Some(options.environment.clone().unwrap_or_else(|| options.default_marker.clone()))
}

/// Nothing that a person must settle first. `running` counts only where the lock is not ours.
pub(super) fn conflicts(
    seen: &Inspection,
    options: &DeployOptions,
    unlocked: bool,
) -> Result<(), Error> {
    crate::down::refuse_half_reverted(&seen.ledger.meta)?;
    let survey = &seen.survey;
    // A journal tells more than the survey: `pending` decides which of those on disk can go on.
    let gone = |unfinished: &Unfinished| !unfinished.on_disk;
    // Under the lock nobody is at it.
    let failed = survey.failed.iter().any(gone) || (!unlocked && survey.running.iter().any(gone));
    let out_of_order = !options.out_of_order && !survey.out_of_order.is_empty();
    if failed || out_of_order || survey.diverged() {
        return Err(Error::Conflict(Box::new(survey.clone())));
    }
    if options.stop_on_ahead && !survey.ahead.is_empty() {
        let names = survey.ahead.iter().map(|ahead| ahead.row.name.clone());
        return Err(Error::Ahead(names.collect()));
    }
    Ok(())
}
