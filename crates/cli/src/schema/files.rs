//! The files of a declared schema: one, or a folder of them in the order of their names.

use std::borrow::Cow;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use xtask_db_engine::Error;
use xtask_db_history::{SqlFile, canonical};
use xtask_db_schema::{RenamedFrom, renamed_from};
use xtask_db_sql::{Syntax, split};

use crate::context::Context;
use crate::fault::Fault;

/// How deep folders may be nested.
const DEPTH_MAX: usize = 8;

/// A declared schema.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    /// As messages show it.
    pub(crate) path: PathBuf,
    pub(crate) files: Vec<SqlFile>,
}

impl Declared {
    /// The project's; none where there is no such file and none is configured: migrations are
    /// written by hand then.
    pub(crate) fn find(context: &Context) -> Result<Option<Self>, Fault> {
        let (path, configured) = context.project()?.schema();
        if !configured && fs::symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        Self::read(context, &path).map(Some)
    }

    /// Reads a file or a folder.
    pub(crate) fn read(context: &Context, path: &Path) -> Result<Self, Fault> {
        let mut paths = Vec::new();
        collect(context, path, 0, &mut paths)?;
        let read = |path: &PathBuf| {
            let shown = context.shown(path);
            let bytes = fs::read(path).map_err(|error| refuse(context, path, &error))?;
            let text = canonical(&bytes).map_err(|problem| refuse(context, path, &problem))?;
            Ok(SqlFile {
                path: Cow::Owned(shown.display().to_string()),
                text: Cow::Owned(text.into_owned()),
            })
        };
        let files = paths.iter().map(read).collect::<Result<_, Fault>>()?;
        Ok(Self { path: context.shown(path), files })
    }

    /// It declares nothing.
    pub(crate) fn is_empty(&self, syntax: Syntax) -> bool {
        let empty = |file: &SqlFile| {
            split(&file.text, syntax).is_ok_and(|script| script.statements.is_empty())
        };
        self.files.iter().all(empty)
    }

    /// The renames that it names, each with its file.
    pub(crate) fn renamed_from(
        &self,
        syntax: Syntax,
    ) -> Result<Vec<(&SqlFile, RenamedFrom)>, Fault> {
        let mut found = Vec::new();
        for file in &self.files {
            let renames = renamed_from(&file.text, syntax).map_err(|error| Error::Split {
                id: None,
                path: file.path.to_string(),
                text: file.text.to_string(),
                error,
            })?;
            found.extend(renames.into_iter().map(|one| (file, one)));
        }
        Ok(found)
    }
}

/// The file, or the `.sql` files of a folder and of those in it.
fn collect(
    context: &Context,
    path: &Path,
    depth: usize,
    paths: &mut Vec<PathBuf>,
) -> Result<(), Fault> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => refuse(context, path, &"there is no such file or folder"),
        _ => refuse(context, path, &error),
    })?;
    if about.is_file() {
        paths.push(path.to_owned());
        return Ok(());
    }
    if !about.is_dir() {
        return Err(refuse(context, path, &"it is neither a file nor a folder"));
    }
    if depth == DEPTH_MAX {
        return Err(refuse(context, path, &"the folders are nested too deep"));
    }
    let entries = fs::read_dir(path).map_err(|error| refuse(context, path, &error))?;
    let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    for path in inside {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let sql = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("sql"));
        if !hidden && (sql || path.is_dir()) {
            collect(context, &path, depth + 1, paths)?;
        }
    }
    if depth == 0 && paths.is_empty() {
        return Err(refuse(context, path, &"the folder has no .sql file"));
    }
    Ok(())
}

fn refuse(context: &Context, path: &Path, problem: &dyn std::fmt::Display) -> Fault {
    Fault::SchemaFile { path: context.shown(path), problem: problem.to_string() }
}
