//! What a person can do to the files of a folder.

use crate::scratch::{Scratch, USERS};

const UP: &str = "migrations/1_users/migration.sql";

#[test]
fn an_unchanged_tree_stays_fresh() {
    let scratch = Scratch::new("guard-fresh");
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.is_fresh();
}

#[test]
fn a_sealed_migration_is_edited() {
    let scratch = Scratch::new("guard-edited");
    scratch.builds("1_users 2_notes");
    scratch.write(UP, USERS.replace("name", "nick"));
    let told = [
        "XDB0201: the sealed migration 1_users was changed",
        UP,
        // sha256sum of both texts
        "sha256:5a73bfafccb381e5db3a698189fc18c4006dfc6924765b7d96f7da9d6d2fdbf7",
        "sha256:80b7d04398b589c176905576cc6f79f6f69ae771b3dce87a0e1a961bf8311c3f",
        "restore the file",
        "cargo xtask db new",
        "cargo xtask db redo 1_users",
        "cargo xtask db repair",
    ];
    scratch.refuses(&told);
    // a second try is refused as well
    scratch.refuses(&told);
    scratch.write(UP, USERS);
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
}

#[test]
fn only_a_comment_is_edited_and_repaired() {
    let scratch = Scratch::new("guard-comment");
    scratch.builds("1_users 2_notes");
    scratch.write(UP, USERS.replace("who may", "who can"));
    scratch.refuses(&["XDB0201", "only comments", "cargo xtask db repair"]);
    scratch.change_lock("migrations", |lock, migrations| {
        lock.repair(&migrations[0]).expect("only a comment was edited");
    });
    scratch.builds("1_users 2_notes");
    assert!(scratch.listed("debug")[0][3].contains("who can"));
    scratch.is_fresh();
}

#[test]
fn a_sealed_migration_is_deleted() {
    let scratch = Scratch::new("guard-deleted");
    scratch.builds("1_users 2_notes");
    scratch.rename("migrations/2_notes", "gone");
    scratch.refuses(&["XDB0202: the sealed migration 2_notes is missing", "migrations/2_notes"]);
    scratch.rename("gone", "migrations/2_notes");
    scratch.builds("1_users 2_notes");
}

#[test]
fn a_sealed_migration_is_renamed() {
    let scratch = Scratch::new("guard-renamed");
    scratch.builds("1_users 2_notes");
    scratch.rename("migrations/2_notes", "migrations/3_notes");
    scratch.refuses(&["XDB0202: the sealed migration 2_notes is missing"]);
}

#[test]
fn every_problem_is_in_one_error() {
    let scratch = Scratch::new("guard-several");
    scratch.append(UP, "SELECT 1;\n");
    scratch.remove("migrations/2_notes");
    scratch.refuses(&["XDB0201: the sealed migration 1_users", "XDB0202: the sealed migration 2_"]);
}

#[test]
fn a_folder_is_added_by_hand_edited_and_removed() {
    let scratch = Scratch::new("guard-added");
    scratch.builds("1_users 2_notes");
    scratch.write("migrations/3_tags/migration.sql", "CREATE TABLE tags (id INTEGER);\n");
    scratch.builds("1_users 2_notes ?3_tags");
    scratch.is_fresh();
    scratch.write("migrations/3_tags/migration.sql", "CREATE TABLE labels (id INTEGER);\n");
    scratch.builds("1_users 2_notes ?3_tags");
    assert!(scratch.listed("debug")[2][3].contains("labels"));
    scratch.rename("migrations/3_tags", "migrations/4_tags");
    scratch.builds("1_users 2_notes ?4_tags");
    scratch.seal("migrations");
    scratch.builds("1_users 2_notes 4_tags");
    scratch.write("migrations/5_x/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes 4_tags ?5_x");
    scratch.remove("migrations/5_x");
    scratch.builds("1_users 2_notes 4_tags");
    scratch.is_fresh();
}

#[test]
fn the_files_beside_the_migration() {
    let scratch = Scratch::new("guard-beside");
    let field = |at: usize| scratch.listed("debug")[0][at].clone();
    let (down, verify) = ("migrations/1_users/down.sql", "migrations/1_users/verify.sql");
    scratch.builds("1_users 2_notes");
    assert_eq!(field(4), "None");
    scratch.write(down, "DROP TABLE users;\n");
    scratch.write(verify, "SELECT 0;\n");
    scratch.builds("1_users 2_notes");
    assert_eq!(field(4), "Some(\"DROP TABLE users;\\n\")");
    assert_eq!(field(5), "Some(\"SELECT 0;\\n\")");
    scratch.write(down, "DROP TABLE IF EXISTS users;\n");
    scratch.builds("1_users 2_notes");
    assert!(field(4).contains("IF EXISTS"));
    scratch.remove(down);
    scratch.remove(verify);
    scratch.builds("1_users 2_notes");
    assert_eq!((field(4), field(5)), ("None".to_owned(), "None".to_owned()));
    scratch.is_fresh();
}

#[test]
fn a_sealed_backfill_is_added_edited_and_removed() {
    let scratch = Scratch::new("guard-backfill");
    let path = "migrations/1_users/backfill.sql";
    scratch.write(path, "UPDATE users SET name = '';\n");
    scratch.refuses(&["XDB0201: the backfill of the sealed migration 1_users was changed", path]);
    scratch.seal("migrations");
    scratch.builds("1_users 2_notes");
    scratch.append(path, "-- more\n");
    scratch.refuses(&["XDB0201: the backfill of the sealed migration 1_users was changed", path]);
    scratch.remove(path);
    scratch.refuses(&["XDB0201: the backfill of the sealed migration 1_users was changed", path]);
}

#[test]
fn what_is_no_migration_is_refused() {
    let scratch = Scratch::new("guard-invalid");
    scratch.builds("1_users 2_notes");
    scratch.write("migrations/3_empty/README.md", "nothing yet\n");
    scratch.write("migrations/V4__flyway.sql", "SELECT 1;\n");
    scratch.refuses(&["XDB0208", "3_empty has no migration.sql", "V4__flyway.sql"]);
    scratch.remove("migrations/3_empty");
    scratch.remove("migrations/V4__flyway.sql");
    scratch.builds("1_users 2_notes");
}
