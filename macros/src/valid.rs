//! Refuses a folder that is not what its lock file sealed.

use std::collections::HashSet;

use xtask_db_history::{DiskProblem, Entry, MigrationId, disk_problems};

use crate::load::Loaded;
use crate::problem::Problem;

/// A folder and lock file that agree.
pub(crate) struct Valid {
    /// What was read.
    pub(crate) loaded: Loaded,
    /// The migrations that may still change, and perhaps drafts that are gone.
    pub(crate) drafts: HashSet<MigrationId>,
}

/// Compares folder and lock file.
pub(crate) fn check(loaded: Loaded) -> Result<Valid, Vec<Problem>> {
    let listed = loaded.history.lock.entries.iter().filter_map(|entry| match entry {
        Entry::Draft(id) => Some(id.clone()),
        Entry::Sealed(_) | Entry::Absent(_) => None,
    });
    let mut drafts: HashSet<MigrationId> = listed.collect();
    let mut problems = Vec::new();
    for problem in disk_problems(&loaded.history) {
        match problem {
            // A folder that is not in the lock file is a draft, and a draft may be deleted.
            DiskProblem::Unlisted { id } => drop(drafts.insert(id)),
            DiskProblem::Vanished { sealed: false, .. } => {}
            warning if warning.is_warning() => {}
            problem => problems.push(Problem::Disk { folder: loaded.short.clone(), problem }),
        }
    }
    if problems.is_empty() { Ok(Valid { loaded, drafts }) } else { Err(problems) }
}
