//! The files of a new draft, as values.

use xtask_db_history::Migration;

/// What a draft is made of: file names and their texts.
pub(crate) type Files = Vec<(&'static str, String)>;

/// An empty draft: comments that say what to write.
pub(crate) fn empty(down: bool) -> Files {
    let up = "-- Write the SQL of this migration here. `cargo xtask db migrate` tries it on a \
              throwaway\n-- database, applies it to yours and seals it: from then on its text is \
              fixed.\n";
    let mut files = vec![("migration.sql", up.to_owned())];
    if down {
        let down =
            "-- Write the SQL that undoes migration.sql here. `cargo xtask db down` runs it.\n";
        files.push(("down.sql", down.to_owned()));
    }
    files
}

/// A draft that undoes a migration: its `down.sql` is applied, and the way back is its
/// `migration.sql`. None when there is no `down.sql` with a text in it.
pub(crate) fn reverting(migration: &Migration) -> Option<Files> {
    let down = migration.down.as_ref().filter(|file| !file.text.trim().is_empty())?;
    Some(vec![
        ("migration.sql", down.text.clone().into_owned()),
        ("down.sql", migration.up.text.clone().into_owned()),
    ])
}

/// The name of a draft that undoes this id: `revert_` and what follows its version.
pub(crate) fn reverting_name(id: &str) -> String {
    let name = id.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_'));
    format!("revert_{}", if name.is_empty() { id } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revert_is_named_after_what_it_reverts() {
        let check = |id: &str, expected: &str| assert_eq!(reverting_name(id), expected);
        check("20260102030405_create_users", "revert_create_users");
        check("2026-01-02-030405-0000_create_users", "revert_create_users");
        check("20260102030405", "revert_20260102030405");
    }
}
