//! A history of a real project, and the schema that it makes as `pg_dump` sees it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Database, Workspace};
use crate::servers::find;

/// Copies the migrations of a folder: folders that have files.
///
/// # Panics
/// They cannot be read.
pub fn copy_history(from: &Path, ws: &Workspace) {
    for entry in fs::read_dir(from).expect("the history is there").flatten() {
        let folder = entry.path();
        if !folder.is_dir() {
            continue;
        }
        let id = entry.file_name().to_string_lossy().into_owned();
        for file in fs::read_dir(&folder).expect("a migration").flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            let bytes = fs::read(file.path()).expect("a file");
            ws.write(&format!("migrations/{id}/{name}"), bytes);
        }
    }
}

/// The schema as `pg_dump` sees it, without ledgers.
///
/// # Panics
/// `pg_dump` is missing or fails.
#[must_use]
pub fn dump(database: &Database) -> String {
    let pg_dump = find("pg_dump").expect("pg_dump comes with the server");
    let mut command = Command::new(pg_dump);
    command.args(["--schema-only", "--no-owner", "--dbname"]).arg(database.direct_url());
    for table in ["_prisma_migrations", "_xtask_db_*", "__diesel_schema_migrations"] {
        command.arg(format!("--exclude-table=*.{table}"));
    }
    let output = command.output().expect("pg_dump starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // A random word of newer releases.
    let lines = text.lines().filter(|line| !line.contains("restrict "));
    lines.collect::<Vec<_>>().join("\n")
}

/// The folder of a case, from `XDB_CASES` or beside the checkout; or the word that it is skipped:
/// the product passes without them.
#[must_use]
pub fn case(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("XDB_CASES").filter(|folder| !folder.is_empty());
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases");
    let folder = named.map_or(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return folder.canonicalize().ok();
    }
    drop(writeln!(std::io::stderr(), "skipped {name}: {} is not there", folder.display()));
    None
}
