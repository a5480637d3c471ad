//! Where the folder, the crate that embeds it and the target folder can be.

use crate::scratch::{NOTES, PROFILES, Scratch, USERS, library, listing, listing_of, package};

const EMBEDS: &str = "pub static ALL: xtask_db::Migrator = xtask_db::embed_migrations!();\n";

#[test]
fn a_member_embeds_the_folder_of_its_workspace() {
    let mut scratch = Scratch::empty();
    scratch.watch(&[("", "migrations")]);
    scratch.migrations("migrations");
    scratch.write(
        "Cargo.toml",
        format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"db\", \"other\"]\n{PROFILES}"
        ),
    );
    scratch.member("guard-member-app", "app", "guard-member-db = { path = \"../db\" }\n");
    scratch.write("app/src/main.rs", listing_of("guard_member_db::ALL.migrations()"));
    scratch.member("guard-member-db", "db", &library());
    scratch.write("db/src/lib.rs", EMBEDS);
    scratch.member("guard-member-other", "other", "");
    scratch.write("other/src/lib.rs", "");
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("migrations/3_tags/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags");
    scratch.is_fresh();
    scratch.append("migrations/1_users/migration.sql", "SELECT 1;\n");
    scratch.refuses(&["XDB0201: the sealed migration 1_users was changed"]);
    // nothing of the others is in the way
    let built = scratch.run(&["build", "-p", "guard-member-other"]);
    assert!(built.ok, "{}", built.told);
}

#[test]
fn two_databases() {
    let mut scratch = Scratch::empty();
    scratch.program("guard-two", "\"shop/migrations\"");
    let other = "static AUDIT: xtask_db::Migrator = \
                 xtask_db::embed_migrations!(\"audit/migrations\");\n";
    let both = listing_of("[ALL.migrations(), AUDIT.migrations()].concat()");
    scratch.write(
        "src/main.rs",
        format!("{EMBEDS}{other}{both}").replace("!()", "!(\"shop/migrations\")"),
    );
    scratch.watch(&[("_SHOP", "shop/migrations"), ("_AUDIT", "audit/migrations")]);
    scratch.migrations("shop/migrations");
    scratch.write("audit/migrations/1_events/migration.sql", "CREATE TABLE events (id INTEGER);\n");
    scratch.seal("audit/migrations");
    scratch.builds("1_users 2_notes 1_events");
    scratch.is_fresh();
    scratch.write("shop/migrations/3_tags/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags 1_events");
    scratch.write("audit/migrations/2_more/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags 1_events ?2_more");
    scratch.is_fresh();
    scratch.append("audit/migrations/1_events/migration.sql", "SELECT 1;\n");
    scratch.remove("shop/migrations/2_notes");
    // two calls, one error each
    let built = scratch.run(&["build"]);
    assert!(!built.ok && built.told.contains("XDB0201") && built.told.contains("XDB0202"));
}

/// Nothing names the folder: `xtask-db` looks for it from the target folder upward.
#[test]
fn a_target_folder_in_the_workspace() {
    let mut scratch = Scratch::alone();
    scratch.program("guard-upward", "");
    scratch.migrations("migrations");
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("migrations/3_tags/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags");
    scratch.is_fresh();
    // a line that is written later is seen
    scratch.watch(&[("", "migrations"), ("_MORE", "more/migrations")]);
    scratch.builds("1_users 2_notes ?3_tags");
    scratch.is_fresh();
}

/// The target folder is elsewhere and nothing names the migrations: what is embedded is watched.
#[test]
fn a_target_folder_elsewhere() {
    let mut scratch = Scratch::empty();
    scratch.program("guard-elsewhere", "");
    scratch.migrations("migrations");
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("migrations/2_notes/migration.sql", NOTES.replace("notes", "pages"));
    scratch.refuses(&["XDB0201: the sealed migration 2_notes was changed"]);
    scratch.write("migrations/2_notes/migration.sql", NOTES);
    scratch.write("migrations/3_tags/migration.sql", "SELECT 1;\n");
    scratch.seal("migrations");
    scratch.builds("1_users 2_notes 3_tags");
}

/// A second database is named later: nothing but the line in `.cargo/config.toml` changes.
#[test]
fn a_variable_is_added() {
    let scratch = Scratch::new("guard-variable");
    scratch.builds("1_users 2_notes");
    scratch.rename("migrations", "moved");
    scratch.write("src/main.rs", listing("\"moved\""));
    scratch.builds("1_users 2_notes");
    scratch.watch(&[("", "migrations"), ("_MOVED", "moved")]);
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("moved/3_tags/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags");
}

/// A variable may name what is not there, or not yet.
#[test]
fn a_watched_folder_that_does_not_exist() {
    let scratch = Scratch::new("guard-nowhere");
    scratch.watch(&[("", "nowhere/migrations"), ("_A", "migrations")]);
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("migrations/3_tags/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags");
}

#[test]
fn a_path_dependency_embeds_its_own_folder() {
    let mut scratch = Scratch::empty();
    scratch.watch(&[("_JOBS", "../jobs/migrations")]);
    let manifest = package("guard-path-app")
        + "guard-path-jobs = { path = \"../jobs\" }\n[workspace]\n"
        + PROFILES;
    scratch.write("Cargo.toml", manifest);
    scratch.write("src/main.rs", listing_of("guard_path_jobs::ALL.migrations()"));
    scratch.also_builds("guard-path-app");
    scratch.member("guard-path-jobs", "../jobs", &library());
    scratch.write("../jobs/src/lib.rs", EMBEDS);
    scratch.migrations("../jobs/migrations");
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("../jobs/migrations/3_tags/migration.sql", "SELECT 1;\n");
    scratch.builds("1_users 2_notes ?3_tags");
    scratch.is_fresh();
    scratch.write("../jobs/migrations/1_users/migration.sql", USERS.to_uppercase());
    scratch.refuses(&["XDB0201: the sealed migration 1_users was changed"]);
}

#[test]
fn a_folder_by_another_name() {
    let scratch = Scratch::new("guard-named");
    scratch.rename("migrations", "schema");
    scratch.write("src/main.rs", listing("\"./x/../schema/\""));
    scratch.write("x/.keep", "");
    scratch.builds("1_users 2_notes");
    scratch.is_fresh();
    scratch.write("src/main.rs", listing("\"nowhere\""));
    scratch.refuses(&["XDB0203: the migrations folder does not exist", "nowhere"]);
    scratch.write("src/main.rs", listing(""));
    scratch.refuses(&["XDB0203", "no folder from the manifest upward"]);
}

/// The nearest folder without a lock file is the one that is meant; not one further up.
#[test]
fn a_lock_file_further_up_is_not_taken_for_a_lost_one() {
    let mut scratch = Scratch::empty();
    scratch.migrations("migrations");
    scratch.watch(&[("", "app/migrations")]);
    scratch.write(
        "Cargo.toml",
        format!("[workspace]\nresolver = \"3\"\nmembers = [\"app\"]\n{PROFILES}"),
    );
    scratch.member("guard-nearest", "app", &library());
    scratch.write("app/src/main.rs", listing(""));
    scratch.builds("1_users 2_notes");
    scratch.write("app/migrations/1_own/migration.sql", "SELECT 1;\n");
    scratch.seal("app/migrations");
    scratch.write("app/src/main.rs", listing("") + "\n");
    scratch.builds("1_own");
    scratch.remove("app/migrations/migrations.lock");
    scratch.refuses(&["XDB0203", "app/migrations/migrations.lock"]);
}
