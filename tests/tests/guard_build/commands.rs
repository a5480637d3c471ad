//! What the commands do to the folder reaches the next build.

use std::path::Path;

use crate::scratch::{Scratch, USERS};

impl Scratch {
    /// Runs the tool in the root, with nothing of the machine but a development database.
    #[track_caller]
    fn db(&self, arguments: &[&str]) {
        let output = self
            .command(Path::new(env!("CARGO_BIN_EXE_xtask-under-test")))
            .arg("db")
            .args(arguments)
            .env("DATABASE_URL", "sqlite:dev.db")
            .output()
            .expect("the tool starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
    }

    /// The only id in the folder that the two sealed ones do not have.
    fn third(&self) -> String {
        let entries = std::fs::read_dir(self.path("migrations")).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names = names.map(|name| name.to_string_lossy().into_owned());
        let known = ["1_users", "2_notes", "migrations.lock"];
        names.find(|name| !known.contains(&name.as_str())).expect("a third one")
    }
}

#[test]
fn a_migration_is_added_by_new_and_sealed_by_migrate() {
    let scratch = Scratch::new("guard-new");
    scratch.builds("1_users 2_notes");
    scratch.db(&["new", "add tags"]);
    let id = scratch.third();
    scratch.builds(&format!("1_users 2_notes ?{id}"));
    let path = format!("migrations/{id}/migration.sql");
    scratch.write(&path, "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n");
    scratch.db(&["migrate"]);
    scratch.builds(&format!("1_users 2_notes {id}"));
    assert!(scratch.listed("debug")[2][3].contains("CREATE TABLE tags"));
    scratch.is_fresh();
}

#[test]
fn an_own_migration_is_edited_and_redone() {
    let scratch = Scratch::new("guard-redo");
    scratch.write("migrations/2_notes/down.sql", "DROP TABLE notes;\n");
    scratch.db(&["migrate"]);
    scratch.builds("1_users 2_notes");
    scratch.write("migrations/2_notes/migration.sql", "CREATE TABLE pages (id INTEGER);\n");
    scratch.refuses(&["XDB0201", "cargo xtask db redo 2_notes"]);
    scratch.db(&["redo", "2_notes", "--own", "2_notes"]);
    scratch.builds("1_users 2_notes");
    assert!(scratch.listed("debug")[1][3].contains("pages"));
    scratch.is_fresh();
}

#[test]
fn a_comment_is_edited_and_repaired() {
    let scratch = Scratch::new("guard-repair");
    scratch.builds("1_users 2_notes");
    let up = "migrations/1_users/migration.sql";
    scratch.write(up, USERS.replace("who may", "who can"));
    scratch.refuses(&["XDB0201", "cargo xtask db repair"]);
    scratch.db(&["repair"]);
    scratch.builds("1_users 2_notes");
    assert!(scratch.read("migrations/migrations.lock").contains(" was:"));
    assert!(scratch.listed("debug")[0][3].contains("who can"));
}
