//! Reads the folder and its lock file.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use xtask_db_history::{History, LOCK_FILE, LockError, LockFile, canonical, read_folder};

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
    /// The lock file's canonical text.
    pub(crate) lock_text: String,
}

/// Reads all there is before it gives up, so that one build shows every problem.
pub(crate) fn load(input: &Input, surroundings: &Surroundings) -> Result<Loaded, Vec<Problem>> {
    let argument = input.folder.as_ref().map(syn::LitStr::value);
    let folder = surroundings.folder(argument.as_deref()).map_err(|problem| vec![problem])?;
    let short = surroundings.short(&folder);
    let lock = LockFile::read(short).and_then(|lock| Ok((lock, text(&short.join(LOCK_FILE))?)));
    match (lock, read_folder(short)) {
        (Ok((lock, lock_text)), Ok(migrations)) => {
            let history = History { migrations, lock };
            Ok(Loaded { short: short.to_owned(), folder, history, lock_text })
        }
        (lock, migrations) => {
            let unusable = lock.err().map(|error| lock_problem(short, error));
            let refused = migrations.err().unwrap_or_default().into_iter().map(Problem::Folder);
            Err(unusable.into_iter().chain(refused).collect())
        }
    }
}

fn text(path: &Path) -> Result<String, LockError> {
    let bytes = fs::read(path).map_err(|source| LockError::Io { path: path.to_owned(), source })?;
    let text = canonical(&bytes);
    text.map(Cow::into_owned)
        .map_err(|problem| LockError::Syntax { line: 1, problem: problem.to_string() })
}

fn lock_problem(folder: &Path, error: LockError) -> Problem {
    Problem::Lock { path: folder.join(LOCK_FILE), error }
}
