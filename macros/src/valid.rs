//! Refuses a folder that is not what its lock file sealed.

use std::collections::HashSet;

use xtask_db_history::{DiskProblem, MigrationId, disk_problems};

use crate::load::Loaded;
use crate::problem::Problem;

/// A folder and lock file that agree.
pub(crate) struct Valid {
    /// What was read.
    pub(crate) loaded: Loaded,
    /// The migrations that may still change.
    pub(crate) drafts: HashSet<MigrationId>,
}

/// Compares folder and lock file.
pub(crate) fn check(loaded: Loaded) -> Result<Valid, Vec<Problem>> {
    let found = disk_problems(&loaded.history).into_iter().filter(stops_a_build);
    let problems: Vec<Problem> =
        found.map(|problem| Problem::Disk { folder: loaded.folder.clone(), problem }).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let history = &loaded.history;
    let ids = history.migrations.iter().map(|migration| &migration.id);
    let drafts = ids.filter(|id| history.lock.sealed(id).is_none()).cloned().collect();
    Ok(Valid { loaded, drafts })
}

/// A folder that is not in the lock file is a draft, and a draft may be deleted.
const fn stops_a_build(problem: &DiskProblem) -> bool {
    !matches!(problem, DiskProblem::Unlisted { .. } | DiskProblem::Vanished { sealed: false, .. })
        && !problem.is_warning()
}
