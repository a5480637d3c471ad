//! What is wrong with the files of a migration, as faults with their place.

use serde_json::json;
use xtask_db_engine::Error;
use xtask_db_history::{FolderError, History, Migration};
use xtask_db_sql::{shape, split};

use crate::codes::{self, Problem};
use crate::exit;
use crate::fault::Fault;

/// Files that cannot be split, or never be run as they are.
pub(crate) fn faults(migration: &Migration, history: &History) -> Vec<Problem> {
    let syntax = history.lock.syntax();
    let others = [&migration.down, &migration.verify, &migration.backfill];
    let files = std::iter::once(&migration.up).chain(others.into_iter().flatten());
    let faults = files.filter_map(|file| {
        let script = split(&file.text, syntax);
        let error = script.and_then(|script| shape(&file.text, &script, syntax)).err()?;
        Some(codes::problem(&Fault::Engine(Error::Split {
            id: Some(migration.id.clone()),
            path: file.path.to_string(),
            text: file.text.to_string(),
            error,
        })))
    });
    faults.collect()
}

/// One thing in the folder that is refused, at its own path.
pub(crate) fn folder(error: &FolderError) -> Problem {
    let problem = Problem::new("XDB0208", exit::CONFLICT, error);
    let (path, hint) = match error {
        FolderError::Io { path, .. } => (path, "make it readable".to_owned()),
        FolderError::Name { path, .. } => (path, "rename the folder, or move it away".to_owned()),
        FolderError::NoMigrationSql { path } => {
            (path, "restore its migration.sql, or remove the folder".to_owned())
        }
        FolderError::LooseSql { path } => {
            (path, "take the folder over: cargo xtask db adopt --from sqlx --dry-run".to_owned())
        }
        FolderError::Text { path, .. } => (path, "save it as UTF-8".to_owned()),
        FolderError::NotRegular { path, .. } => {
            (path, "put a plain file or folder in its place".to_owned())
        }
        FolderError::Alike { first, second, .. } => {
            return problem
                .data(json!({ "first": first, "second": second }))
                .hint("rename one of them: some file systems take them for one");
        }
    };
    let path = path.display().to_string();
    problem.data(json!({ "path": path })).path(path).hint(hint)
}
