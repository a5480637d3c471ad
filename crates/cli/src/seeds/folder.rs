//! The files of the seeds folder, and their order.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use xtask_db_history::canonical;

use crate::fault::Fault;

/// The files of a seeds folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Files with rows: `.json`, `.csv`.
    pub(super) rows: Vec<PathBuf>,
    /// Scripts, in the order in which they are run.
    pub(super) scripts: Vec<PathBuf>,
}

/// The files for every environment by name, then those of one. A folder that is missing is empty.
pub(super) fn find(folder: &Path, environment: &str) -> Result<Found, Fault> {
    let mut found = Found::default();
    let mut folders = vec![folder.to_owned()];
    if is_plain(environment) {
        folders.push(folder.join(environment));
    }
    for folder in folders {
        let io = |source| Fault::Io { path: folder.clone(), source };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries.collect::<io::Result<Vec<_>>>().map_err(io)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(io(error)),
        };
        let mut paths: Vec<PathBuf> = entries
            .iter()
            .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
            .map(fs::DirEntry::path)
            .filter(|path| path.is_file())
            .collect();
        paths.sort();
        for path in paths {
            let sql = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("sql"));
            let data = path.extension().is_some_and(|end| end == "json" || end == "csv");
            match (sql, data) {
                (true, _) => found.scripts.push(path),
                (false, true) => found.rows.push(path),
                (false, false) => {}
            }
        }
    }
    Ok(found)
}

/// A name that is one folder, and not one outside.
fn is_plain(name: &str) -> bool {
    !name.starts_with('.') && !name.is_empty() && !name.contains(['/', '\\', ':', '\0'])
}

pub(super) fn read(path: &Path) -> Result<String, Fault> {
    let io = |source| Fault::Io { path: path.to_owned(), source };
    let bytes = fs::read(path).map_err(io)?;
    let text = canonical(&bytes);
    let text = text.map_err(|problem| io(io::Error::new(io::ErrorKind::InvalidData, problem)))?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_environment_come_last() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["b.sql", "a.SQL", "notes.md", ".c.sql", "rows.csv", "staging/0.sql"] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let check = |environment: &str, expected: &[&str]| {
            let found = find(root, environment).unwrap();
            let names: Vec<_> =
                found.scripts.iter().map(|p| p.strip_prefix(root).unwrap()).collect();
            assert_eq!(names, expected.iter().map(Path::new).collect::<Vec<_>>(), "{environment}");
            assert_eq!(found.rows, [root.join("rows.csv")]);
        };
        check("development", &["a.SQL", "b.sql"]);
        check("staging", &["a.SQL", "b.sql", "staging/0.sql"]);
        check("../other", &["a.SQL", "b.sql"]);
        assert_eq!(find(&root.join("none"), "x").unwrap(), Found::default());
    }
}
