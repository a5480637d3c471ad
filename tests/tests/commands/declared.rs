//! `migrate` with a declared schema: from an edited file to an applied migration.

use xtask_db_tests::support::{Kind, Run, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

const USERS: &str = "CREATE TABLE users (\n    id INTEGER PRIMARY KEY,\n    \
     mail VARCHAR(100) NOT NULL\n);\n";
const NICK: &str = "CREATE TABLE users (\n    id INTEGER PRIMARY KEY,\n    \
     mail VARCHAR(100) NOT NULL,\n    nick VARCHAR(100)\n);\n";
const POSTS: &str = "CREATE TABLE posts (\n    id INTEGER PRIMARY KEY,\n    \
     author INTEGER NOT NULL,\n    FOREIGN KEY (author) REFERENCES users (id)\n);\n\
     CREATE INDEX posts_author ON posts (author);\n";

/// A development database that has what this declares.
fn declared(ws: &Workspace, schema: &str) {
    ws.write("schema.sql", schema);
    ws.run_ok(&["migrate", "--name", "start"]);
}

/// The text of the newest migration.
fn newest(ws: &Workspace, file: &str) -> String {
    let id = ws.ids().pop().expect("a migration");
    ws.read(&format!("migrations/{id}/{file}"))
}

fn nothing_written(ws: &Workspace, run: impl FnOnce() -> Run) -> Run {
    let (ids, lock) = (ws.ids(), ws.lock_file());
    let run = run();
    assert_eq!(ws.ids(), ids, "{run}");
    assert_eq!(ws.lock_file(), lock, "{run}");
    run
}

on_each!(
    fn an_edit_becomes_an_applied_migration(ws) {
        declared(ws, USERS);
        ws.write("schema.sql", format!("{NICK}\n{POSTS}"));
        ws.run_ok(&["migrate", "--name", "add posts"]);
        assert_eq!(ws.ids().len(), 2);
        assert!(ws.ids()[1].ends_with("_add_posts"));
        ws.database().execute("INSERT INTO users (id, mail, nick) VALUES (1, 'a', 'b')");
        ws.database().execute("INSERT INTO posts (id, author) VALUES (1, 1)");
        ws.run_ok(&["migrate"]).says("schema.sql asks for no more");
        ws.run_ok(&["check", "--shadow"]);
        ws.run_ok(&["status", "--drift"]).says("no drift");
        // The way back, and there again.
        ws.run_ok(&["down", "--steps", "1"]);
        assert!(!ws.database().has_table("posts"));
        assert_eq!(ws.database().column("SELECT mail FROM users"), ["a"]);
        let run = ws.run(&["status", "--drift", "--json"]);
        assert_eq!(run.json()["drift"]["steps"].as_array().map(Vec::len), Some(0), "{run}");
        ws.run_ok(&["migrate"]);
        assert!(ws.database().has_table("posts"));
    }
);

on_each!(
    fn a_rename_is_asked_and_keeps_the_values(ws) {
        declared(ws, USERS);
        ws.database().execute("INSERT INTO users (id, mail) VALUES (1, 'a')");
        ws.write("schema.sql", USERS.replace("mail", "email"));
        nothing_written(ws, || ws.run(&["migrate"]))
            .refused(5, "XDB0411")
            .says("--rename users.mail=email")
            .says("--no-rename");
        nothing_written(ws, || ws.run(&["migrate", "--rename", "users.mial=email"]))
            .refused(2, "XDB0129");
        ws.run_ok(&["migrate", "--rename", "users.mail=email"]);
        assert_eq!(ws.database().column("SELECT email FROM users"), ["a"]);
        ws.run_ok(&["down", "--steps", "1"]);
        assert_eq!(ws.database().column("SELECT mail FROM users"), ["a"]);
    }
);

on_each!(
    fn a_rename_is_told_in_the_text(ws) {
        declared(ws, USERS);
        ws.database().execute("INSERT INTO users (id, mail) VALUES (1, 'a')");
        let text = "-- xtask-db: renamed-from users\nCREATE TABLE people (\n    \
             id INTEGER PRIMARY KEY,\n    \
             email VARCHAR(100) NOT NULL -- xtask-db: renamed-from mail\n);\n";
        ws.write("schema.sql", text);
        ws.run_ok(&["migrate", "--name", "people"]);
        assert_eq!(ws.database().column("SELECT email FROM people"), ["a"]);
        ws.run_ok(&["migrate"]).says("asks for no more");
        ws.run_ok(&["down", "--steps", "1"]);
        assert_eq!(ws.database().column("SELECT mail FROM users"), ["a"]);
        ws.run_ok(&["migrate"]);
        // One that never was there.
        let more = "    -- xtask-db: renamed-from no\n    nick INTEGER,\n    email";
        ws.write("schema.sql", text.replace("    email", more));
        nothing_written(ws, || ws.run(&["migrate"])).refused(4, "XDB0212").says("schema.sql");
    }
);

on_each!(
    fn a_loss_is_counted_and_asked(ws) {
        declared(ws, NICK);
        ws.write("schema.sql", USERS);
        let rows = "INSERT INTO users (id, mail, nick) VALUES (1, 'a', 'x'), (2, 'b', NULL)";
        ws.database().execute(rows);
        nothing_written(ws, || ws.run(&["migrate"])).refused(5, "XDB0412").says("1 row");
        ws.run_ok(&["migrate", "--accept-data-loss"]);
        assert!(newest(ws, "migration.sql").starts_with("-- Warnings\n"));
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "2");
    }
);

on_each!(
    fn what_touches_no_row_is_not_asked_and_stands_in_the_file(ws) {
        declared(ws, NICK);
        ws.database().execute("INSERT INTO users (id, mail) VALUES (1, 'a')");
        ws.write("schema.sql", USERS);
        ws.run_ok(&["migrate"]);
        assert!(newest(ws, "migration.sql").starts_with("-- Warnings\n"));
    }
);

on_each!(
    fn what_would_fail_on_rows_is_refused(ws) {
        declared(ws, USERS);
        ws.database().execute("INSERT INTO users (id, mail) VALUES (1, 'a'), (2, 'a')");
        ws.write("schema.sql", format!("{USERS}CREATE UNIQUE INDEX users_mail ON users (mail);\n"));
        nothing_written(ws, || ws.run(&["migrate"])).refused(5, "XDB0413").says("mail");
        ws.run_ok(&["migrate", "--create-only", "--name", "unique"]);
        assert!(newest(ws, "migration.sql").contains("UNIQUE"));
        assert_eq!(history::applied(ws).len(), 1, "nothing was applied");
        ws.database().execute("DELETE FROM users WHERE id = 2");
        ws.run_ok(&["migrate"]);
        assert_eq!(history::applied(ws).len(), 2);
    }
);

on_each!(
    fn an_emptied_file_drops_nothing(ws) {
        declared(ws, &format!("{USERS}{POSTS}"));
        ws.write("schema.sql", "-- nothing here yet\n");
        nothing_written(ws, || ws.run(&["migrate"])).refused(5, "XDB0414").says("posts");
        ws.run_ok(&["migrate", "--allow-drop-all"]);
        assert!(!ws.database().has_table("users"));
        ws.run_ok(&["down", "--steps", "1"]);
        assert!(ws.database().has_table("posts"));
    }
);

on_each!(
    fn a_schema_that_does_not_load_is_shown_with_its_place(ws) {
        declared(ws, USERS);
        ws.write("schema.sql", format!("{USERS}\nCREATE TABEL oops (id INTEGER);\n"));
        nothing_written(ws, || ws.run(&["migrate"])).refused(2, "XDB0128").says("schema.sql:6");
        ws.write("schema.sql", format!("{USERS}CREATE VIEW v AS SELECT nothing FROM users;\n"));
        nothing_written(ws, || ws.run(&["migrate"])).refused(2, "XDB0128").says("schema.sql:5");
    }
);

#[test]
fn a_folder_runs_in_the_order_of_its_names() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db]\nschema = \"schema\"\n");
    let _ = ws.run(&["migrate"]).refused(2, "XDB0127").says("schema");
    ws.write("schema/20_posts.sql", POSTS);
    ws.write("schema/10_users.sql", USERS);
    ws.write("schema/deep/30_view.sql", "CREATE VIEW mails AS SELECT mail FROM users;\n");
    ws.write("schema/README.md", "not SQL");
    ws.run_ok(&["migrate"]);
    assert!(ws.database().has_table("posts"));
    assert!(newest(&ws, "migration.sql").contains("CREATE VIEW mails"));
    ws.write("schema/40_more.sql", b"CREATE TABLE \xff (a);".as_slice());
    let _ = ws.run(&["migrate"]).refused(2, "XDB0127").says("40_more.sql");
}

#[test]
fn what_was_read_is_kept_and_a_damaged_file_does_not_matter() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db]\nschema = \"schema.sql\"\n");
    declared(&ws, USERS);
    ws.run_ok(&["migrate"]);
    let folder = ws.root().join("target/xtask-db");
    let files = || -> Vec<_> {
        let entries = std::fs::read_dir(&folder).expect("kept").flatten();
        entries.map(|entry| entry.path()).collect()
    };
    assert!(!files().is_empty());
    for damaged in ["", "{", "{\"catalog\":{\"dialect\":\"sqlite\"},\"not_run\":[]}"] {
        files().iter().for_each(|path| std::fs::write(path, damaged).expect("written"));
        ws.run_ok(&["migrate"]).says("schema.sql asks for no more");
    }
    ws.write("schema.sql", NICK);
    files().iter().for_each(|path| std::fs::write(path, "").expect("written"));
    ws.run_ok(&["migrate"]);
    ws.run_ok(&["status", "--drift"]);
}

#[test]
fn create_only_without_a_difference_writes_an_empty_draft() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    declared(&ws, USERS);
    ws.run_ok(&["migrate", "--create-only", "--name", "by hand"]);
    assert!(newest(&ws, "migration.sql").starts_with("--"));
    let refused = ws.run(&["migrate"]).refused(4, "XDB0210");
    let _ = refused.says("has no SQL yet");
}

#[test]
fn rows_of_the_history_do_not_judge_the_plan() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.migration("20260101000000_users", USERS);
    ws.migration("20260102000000_rows", "INSERT INTO users VALUES (1, 'a'), (2, 'a');\n");
    ws.run_ok(&["migrate"]);
    ws.database().execute("DELETE FROM users WHERE id = 2");
    ws.write("schema.sql", format!("{USERS}CREATE UNIQUE INDEX users_mail ON users (mail);\n"));
    ws.run_ok(&["migrate", "--name", "unique"]);
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    // What is written gets the ids after this one.
    ws.run_ok(&["lock", "--absent", "20991231235900_elsewhere"]);
    ws.write("schema.sql", NICK);
    snapshot!("first", ws.run(&["migrate", "--name", "users"]));
    snapshot!("in_step", ws.run(&["migrate"]));
    ws.database().execute("INSERT INTO users (id, mail, nick) VALUES (1, 'a', 'b')");
    ws.write("schema.sql", USERS);
    snapshot!("data_loss", ws.run(&["migrate"]));
    ws.write("schema.sql", NICK.replace("mail", "email"));
    snapshot!("rename", ws.run(&["migrate"]));
    let told = ["--rename", "users.mail=email", "--create-only", "--name", "mail", "--json"];
    snapshot!("json", ws.run(&[&["migrate"], &told[..]].concat()));
    ws.write("schema.sql", "");
    snapshot!("drop_all", ws.run(&["migrate"]));
    ws.write("schema.sql", "CREATE TABLE t (id INTEGER,);\n");
    snapshot!("does_not_load", ws.run(&["migrate"]));
}
