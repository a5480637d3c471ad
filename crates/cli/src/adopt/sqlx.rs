//! sqlx's folder: `<version>_<description>.sql`, or a pair `….up.sql` and `….down.sql`, loose in
//! one folder. What is a migration is decided as sqlx 0.9 does (`sqlx_core::migrate::source`).

use std::path::PathBuf;

use xtask_db_history::MigrationId;

use super::listing::{Files, Listing};
use super::{Change, Folder, Problem, Taken};

/// One loose file of sqlx's, named as it will be.
struct Loose<'a> {
    from: &'a str,
    id: &'a str,
    file: &'static str,
    bytes: &'a [u8],
}

/// Turns each file into a folder; folders that were made by an earlier run are taken as they are.
pub(super) fn convert(listing: &Listing) -> Folder {
    let mut folder = Folder::default();
    for (name, bytes) in &listing.files {
        match loose(name, bytes) {
            Some(loose) => place(listing, &loose, &mut folder),
            None if is_sql(name) => {
                folder.problems.push(Problem::Stray { name: name.clone(), tool: "sqlx" });
            }
            None => {}
        }
    }
    for (name, files) in &listing.folders {
        if let Some(up) = files.get("migration.sql") {
            take(name, up, &mut folder);
        }
    }
    for (name, bytes) in &listing.files {
        let Some(loose) = loose(name, bytes) else { continue };
        let has_up = folder.taken.iter().any(|taken| taken.id.as_str() == loose.id);
        if loose.file == "down.sql" && !has_up {
            folder.problems.push(Problem::NoUp { name: name.clone() });
        }
    }
    folder
}

/// A file that sqlx takes for a migration. sqlx passes over a name without `_`.
fn loose<'a>(from: &'a str, bytes: &'a [u8]) -> Option<Loose<'a>> {
    let (_, description) = from.split_once('_')?;
    let (suffix, file) = if description.ends_with(".up.sql") {
        (".up.sql", "migration.sql")
    } else if description.ends_with(".down.sql") {
        (".down.sql", "down.sql")
    } else if description.ends_with(".sql") {
        (".sql", "migration.sql")
    } else {
        return None;
    };
    Some(Loose { from, id: from.strip_suffix(suffix)?, file, bytes })
}

fn place(listing: &Listing, loose: &Loose<'_>, folder: &mut Folder) {
    let empty = Files::new();
    let there = listing.folders.get(loose.id).unwrap_or(&empty);
    if loose.file == "migration.sql" && !take(loose.id, loose.bytes, folder) {
        folder.problems.push(Problem::Stray { name: loose.from.to_owned(), tool: "sqlx" });
        return;
    }
    let to = PathBuf::from(loose.id).join(loose.file);
    let twin = folder
        .changes
        .iter()
        .any(|change| matches!(change, Change::Move { to: taken, .. } if *taken == to));
    if twin || there.contains_key(loose.file) {
        let (from, to) = (loose.from.to_owned(), format!("{}/{}", loose.id, loose.file));
        folder.problems.push(Problem::Occupied { from, to });
    } else {
        folder.changes.push(Change::Move { from: PathBuf::from(loose.from), to });
    }
}

/// Records a migration of sqlx's. `false`: its name has no version that sqlx can read, so sqlx
/// never ran it.
fn take(name: &str, up: &[u8], folder: &mut Folder) -> bool {
    let version = name.split_once('_').and_then(|(version, _)| version.parse::<i64>().ok());
    let Some(version) = version else { return false };
    match name.parse::<MigrationId>() {
        Ok(id) => {
            let version = version.to_string();
            folder.taken.push(Taken { id, version, up: up.to_vec() });
        }
        Err(problem) => folder.problems.push(Problem::Name { name: name.to_owned(), problem }),
    }
    true
}

fn is_sql(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".sql")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[&str], changes: &[&str], problems: &[&str]) {
        let mut listing = Listing::default();
        for name in files {
            let bytes = name.as_bytes().to_vec();
            match name.split_once('/') {
                Some((folder, file)) => {
                    let folder = listing.folders.entry(folder.to_owned()).or_default();
                    folder.insert(file.to_owned(), bytes);
                }
                None => {
                    listing.files.insert((*name).to_owned(), bytes);
                }
            }
        }
        let folder = convert(&listing);
        let shown: Vec<String> = folder.changes.iter().map(ToString::to_string).collect();
        assert_eq!(shown, changes, "{files:?}");
        let shown: Vec<String> = folder.problems.iter().map(ToString::to_string).collect();
        assert_eq!(shown, problems, "{files:?}");
    }

    #[test]
    fn loose_files_become_folders() {
        check(&["1_a.sql", "README.md"], &["move    1_a.sql -> 1_a/migration.sql"], &[]);
        check(
            &["2_b.up.sql", "2_b.down.sql"],
            &["move    2_b.down.sql -> 2_b/down.sql", "move    2_b.up.sql -> 2_b/migration.sql"],
            &[],
        );
        check(&["3_a b.é.sql"], &["move    3_a b.é.sql -> 3_a b.é/migration.sql"], &[]);
    }

    #[test]
    fn a_run_that_was_cut_off_goes_on() {
        check(&["1_a/migration.sql"], &[], &[]);
        check(
            &["2_b/migration.sql", "2_b.down.sql"],
            &["move    2_b.down.sql -> 2_b/down.sql"],
            &[],
        );
    }

    #[test]
    fn what_sqlx_would_not_run_is_named() {
        check(&["dump.sql"], &[], &["dump.sql is not a migration of sqlx"]);
        check(&["data_dump.sql"], &[], &["data_dump.sql is not a migration of sqlx"]);
        check(
            &["2_b.down.sql"],
            &["move    2_b.down.sql -> 2_b/down.sql"],
            &["2_b.down.sql has no migration to go with it"],
        );
        check(
            &["1_a.sql", "1_a/migration.sql"],
            &[],
            &["1_a.sql belongs at 1_a/migration.sql, and another file is there"],
        );
        check(
            &["1_a.sql", "1_a.up.sql"],
            &["move    1_a.sql -> 1_a/migration.sql"],
            &["1_a.up.sql belongs at 1_a/migration.sql, and another file is there"],
        );
    }
}
