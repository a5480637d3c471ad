//! Carries out the changes of a folder that is taken over.
//!
//! Invariant: a file is replaced by a rename, so each is whole at every moment.

use std::fs;
use std::io;
use std::path::Path;

use super::Change;
use crate::place::{at, create_parent, replace};

/// Carries the changes out, in order. Cut off anywhere, the next plan holds what is left.
///
/// # Errors
/// A file cannot be written; the changes before it are made.
pub(crate) fn carry_out(dir: &Path, changes: &[Change]) -> io::Result<()> {
    changes.iter().try_for_each(|change| match change {
        Change::Move { from, to } => {
            let to = dir.join(to);
            create_parent(&to)?;
            if to.exists() {
                return Err(at(&to, io::ErrorKind::AlreadyExists.into()));
            }
            fs::rename(dir.join(from), &to).map_err(|error| at(&to, error))
        }
        Change::Write { to, bytes, .. } => replace(&dir.join(to), bytes),
        Change::Remove { path, .. } => {
            let path = dir.join(path);
            fs::remove_file(&path).map_err(|error| at(&path, error))
        }
    })
}

#[cfg(test)]
mod tests {
    use xtask_db_engine::ForeignTool;
    use xtask_db_sql::{Dialect, Syntax};

    use super::*;

    fn check(tool: ForeignTool, files: &[(&str, &str)], expected: &[(&str, &str)]) {
        let syntax = Syntax::of(Dialect::Postgres);
        let total = {
            let dir = prepare(files);
            super::super::read(tool, dir.path(), syntax).unwrap().changes.len()
        };
        // cut off after each number of changes, then finished by a second run
        for cut in 0..=total {
            let dir = prepare(files);
            let first = super::super::read(tool, dir.path(), syntax).unwrap();
            assert_eq!(first.problems, []);
            carry_out(dir.path(), &first.changes[..cut]).unwrap();
            let second = super::super::read(tool, dir.path(), syntax).unwrap();
            assert_eq!(second.problems, [], "cut after {cut}");
            carry_out(dir.path(), &second.changes).unwrap();
            for (path, text) in expected {
                assert_eq!(fs::read_to_string(dir.path().join(path)).unwrap(), *text);
            }
            let third = super::super::read(tool, dir.path(), syntax).unwrap();
            assert_eq!((third.changes, third.problems), (vec![], vec![]));
        }
    }

    fn prepare(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            create_parent(&dir.path().join(path)).unwrap();
            fs::write(dir.path().join(path), text).unwrap();
        }
        dir
    }

    #[test]
    fn a_folder_is_taken_over_from_wherever_a_run_stopped() {
        check(
            ForeignTool::Sqlx,
            &[("1_a.sql", "SELECT 1"), ("2_b.up.sql", "SELECT 2"), ("2_b.down.sql", "SELECT 3")],
            &[
                ("1_a/migration.sql", "SELECT 1"),
                ("2_b/migration.sql", "SELECT 2"),
                ("2_b/down.sql", "SELECT 3"),
            ],
        );
        check(
            ForeignTool::Diesel,
            &[
                ("1_a/up.sql", "SELECT 1"),
                ("1_a/down.sql", "SELECT 2"),
                ("1_a/metadata.toml", "run_in_transaction = false"),
                ("2-b_c/up.sql", "SELECT 3"),
            ],
            &[
                ("1_a/migration.sql", "-- xtask-db: no-transaction\nSELECT 1"),
                ("1_a/down.sql", "-- xtask-db: no-transaction\nSELECT 2"),
                ("2-b_c/migration.sql", "SELECT 3"),
            ],
        );
    }
}
