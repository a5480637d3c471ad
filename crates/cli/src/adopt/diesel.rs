//! diesel's folder: `<version>_<name>/` with `up.sql`, `down.sql` and perhaps `metadata.toml`.

use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;
use xtask_db_history::{MigrationId, canonical};
use xtask_db_sql::{Syntax, split};

use super::listing::{Files, Listing};
use super::{Change, Folder, Problem, Taken};

/// What `run_in_transaction = false` becomes, in the first line of both files.
const NO_TRANSACTION: &str = "-- xtask-db: no-transaction\n";

/// How many names of idle files are listed.
const IDLE_SHOWN: usize = 5;

/// Renames `up.sql` and turns `metadata.toml` into a directive; folders that were made by an
/// earlier run need no change.
pub(super) fn convert(listing: &Listing, syntax: Syntax) -> Folder {
    let mut folder = Folder::default();
    for name in listing.files.keys().filter(|name| name.to_ascii_lowercase().ends_with(".sql")) {
        folder.problems.push(Problem::Stray { name: name.clone(), tool: "diesel" });
    }
    let mut idle = Vec::new();
    for (name, files) in &listing.folders {
        convert_one(name, files, &mut folder);
        if files.get("down.sql").is_some_and(|down| is_idle(down, syntax)) {
            idle.push(name.as_str());
        }
    }
    if !idle.is_empty() {
        let names = idle[..idle.len().min(IDLE_SHOWN)].join(", ");
        let more = if idle.len() > IDLE_SHOWN { ", …" } else { "" };
        let note = format!(
            "{} down.sql without a statement; `down` would record them as reverted and change \
             nothing: {names}{more}",
            idle.len()
        );
        folder.notes.push(note);
    }
    folder
}

fn convert_one(name: &str, files: &Files, folder: &mut Folder) {
    let (old, new) = (files.get("up.sql"), files.get("migration.sql"));
    let Some(up) = old.or(new) else {
        folder.problems.push(Problem::NoUp { name: name.to_owned() });
        return;
    };
    match name.parse::<MigrationId>() {
        Ok(id) => folder.taken.push(Taken { id, version: version(name), up: up.clone() }),
        Err(problem) => {
            folder.problems.push(Problem::Name { name: name.to_owned(), problem });
            return;
        }
    }
    let transaction = match files.get("metadata.toml").map(|bytes| in_transaction(bytes)) {
        None => true,
        Some(Ok(transaction)) => transaction,
        Some(Err(problem)) => {
            let name = format!("{name}/metadata.toml");
            folder.problems.push(Problem::Unreadable { name, problem });
            return;
        }
    };
    let dir = Path::new(name);
    if let Some(up) = old {
        match new {
            Some(new) if *new == directed(up, transaction) => folder.changes.push(Change::Remove {
                path: dir.join("up.sql"),
                why: "migration.sql has its text",
            }),
            Some(_) => {
                let (from, to) = (format!("{name}/up.sql"), format!("{name}/migration.sql"));
                folder.problems.push(Problem::Occupied { from, to });
            }
            None => place(dir, up, transaction, folder),
        }
    }
    finish(dir, files, transaction, folder);
}

/// `up.sql` becomes `migration.sql`.
fn place(dir: &Path, up: &[u8], transaction: bool, folder: &mut Folder) {
    let (from, to) = (dir.join("up.sql"), dir.join("migration.sql"));
    if transaction {
        folder.changes.push(Change::Move { from, to });
        return;
    }
    folder.changes.push(write(to, up));
    folder.changes.push(Change::Remove { path: from, why: "migration.sql has its text" });
}

/// `down.sql` gets the directive, then `metadata.toml` has been said.
fn finish(dir: &Path, files: &Files, transaction: bool, folder: &mut Folder) {
    if !files.contains_key("metadata.toml") {
        return;
    }
    if let Some(down) = files.get("down.sql")
        && *down != directed(down, transaction)
    {
        folder.changes.push(write(dir.join("down.sql"), down));
    }
    let why = if transaction { "it says nothing" } else { "the directive says it" };
    folder.changes.push(Change::Remove { path: dir.join("metadata.toml"), why });
}

fn write(to: PathBuf, text: &[u8]) -> Change {
    Change::Write { to, what: "runs without a transaction", bytes: directed(text, false) }
}

/// The text with the directive in its first line, after a byte-order mark; once only.
fn directed(text: &[u8], transaction: bool) -> Vec<u8> {
    let bare = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if transaction || bare.starts_with(NO_TRANSACTION.trim_end().as_bytes()) {
        return text.to_vec();
    }
    [NO_TRANSACTION.as_bytes(), bare].concat()
}

/// The version that diesel records: what stands before the first `_`, without dashes.
fn version(name: &str) -> String {
    name.split('_').next().unwrap_or(name).replace('-', "")
}

fn in_transaction(metadata: &[u8]) -> Result<bool, String> {
    let text = std::str::from_utf8(metadata).map_err(|error| error.to_string())?;
    let document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let Some(item) = document.get("run_in_transaction") else { return Ok(true) };
    item.as_bool().ok_or_else(|| "run_in_transaction is not true or false".to_owned())
}

/// A file that would run nothing: diesel's template, or comments.
fn is_idle(bytes: &[u8], syntax: Syntax) -> bool {
    let text = canonical(bytes);
    text.is_ok_and(|text| split(&text, syntax).is_ok_and(|script| script.statements.is_empty()))
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    fn listing(files: &[(&str, &str)]) -> Listing {
        let mut listing = Listing::default();
        for (path, text) in files {
            let bytes = text.as_bytes().to_vec();
            match path.split_once('/') {
                Some((folder, file)) => {
                    let folder = listing.folders.entry(folder.to_owned()).or_default();
                    folder.insert(file.to_owned(), bytes);
                }
                None => {
                    listing.files.insert((*path).to_owned(), bytes);
                }
            }
        }
        listing
    }

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let folder = convert(&listing(files), Syntax::of(Dialect::Postgres));
        let problems = folder.problems.iter().map(ToString::to_string);
        let shown: Vec<String> =
            folder.changes.iter().map(ToString::to_string).chain(problems).collect();
        assert_eq!(shown, expected, "{files:?}");
    }

    #[test]
    fn up_becomes_migration() {
        check(
            &[("1_a/up.sql", "SELECT 1"), ("1_a/down.sql", "SELECT 2")],
            &["move    1_a/up.sql -> 1_a/migration.sql"],
        );
        check(&[("1_a/migration.sql", "SELECT 1")], &[]);
        check(&[("x.sql", ""), ("diesel.toml", "")], &["x.sql is not a migration of diesel"]);
        check(&[("1_a/down.sql", "SELECT 1")], &["1_a has no migration to go with it"]);
        check(
            &[("1_a/up.sql", "SELECT 1"), ("1_a/migration.sql", "SELECT 2")],
            &["1_a/up.sql belongs at 1_a/migration.sql, and another file is there"],
        );
    }

    #[test]
    fn metadata_becomes_a_directive() {
        let off = "run_in_transaction = false\n";
        let all = [
            "change  1_a/migration.sql: runs without a transaction",
            "remove  1_a/up.sql: migration.sql has its text",
            "change  1_a/down.sql: runs without a transaction",
            "remove  1_a/metadata.toml: the directive says it",
        ];
        let (up, down, meta) =
            (("1_a/up.sql", "SELECT 1"), ("1_a/down.sql", "SELECT 2"), ("1_a/metadata.toml", off));
        check(&[up, down, meta], &all);
        // cut off after each step
        let new = ("1_a/migration.sql", "-- xtask-db: no-transaction\nSELECT 1");
        check(&[up, new, down, meta], &all[1..]);
        check(&[new, down, meta], &all[2..]);
        let down = ("1_a/down.sql", "-- xtask-db: no-transaction\nSELECT 2");
        check(&[new, down, meta], &all[3..]);
        check(&[new, down], &[]);
        check(
            &[up, ("1_a/metadata.toml", "")],
            &[
                "move    1_a/up.sql -> 1_a/migration.sql",
                "remove  1_a/metadata.toml: it says nothing",
            ],
        );
        check(
            &[up, ("1_a/metadata.toml", "run_in_transaction = 1")],
            &["1_a/metadata.toml: run_in_transaction is not true or false"],
        );
    }

    #[test]
    fn a_version_is_what_diesel_records() {
        assert_eq!(version("2025-11-19-091444-0000_add_x"), "202511190914440000");
        assert_eq!(version("00000000000000_diesel_initial_setup"), "00000000000000");
        assert_eq!(version("2019-11-15-182353_Add email notifications"), "20191115182353");
    }
}
