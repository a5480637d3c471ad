//! Reads the folder and its lock file.

use std::path::{Path, PathBuf};

use xtask_db_history::{History, LOCK_FILE, LockError, LockFile, read_folder};

use crate::input::Input;
use crate::place::Surroundings;
use crate::problem::Problem;

/// What was read.
pub(crate) struct Loaded {
    /// The migrations folder, absolute.
    pub(crate) folder: PathBuf,
    /// The same as it is shown.
    pub(crate) short: PathBuf,
    /// Its migrations and its lock file.
    pub(crate) history: History,
}

/// Reads all there is before it gives up, so that one build shows every problem.
pub(crate) fn load(input: &Input, surroundings: &Surroundings) -> Result<Loaded, Vec<Problem>> {
    let argument = input.folder.as_ref().map(syn::LitStr::value);
    let folder = surroundings.folder(argument.as_deref()).map_err(|problem| vec![problem])?;
    let short = surroundings.short(&folder);
    match (LockFile::read(short), read_folder(short)) {
        (Ok(lock), Ok(migrations)) => {
            let history = History { migrations, lock };
            Ok(Loaded { short: short.to_owned(), folder, history })
        }
        (lock, migrations) => {
            let unusable = lock.err().map(|error| lock_problem(short, error));
            let refused = migrations.err().unwrap_or_default().into_iter().map(Problem::Folder);
            Err(unusable.into_iter().chain(refused).collect())
        }
    }
}

fn lock_problem(folder: &Path, error: LockError) -> Problem {
    Problem::Lock { path: folder.join(LOCK_FILE), error }
}
