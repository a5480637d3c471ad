//! The history of the quick start, as a reader of the README meets it.

use std::fs;
use std::path::Path;

use xtask_db_tests::support::{Kind, Workspace};

/// Copies a folder of this repository into the workspace.
fn copy(ws: &Workspace, folder: &str) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(repository.join(&folder)).expect("a folder").flatten() {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                open.push(path);
            } else {
                ws.write(&path, fs::read(entry.path()).expect("a file"));
            }
        }
    }
}

#[test]
fn migrates_seeds_and_goes_back() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    copy(&ws, "migrations");
    copy(&ws, "seeds");
    ws.run_ok(&["check"]);
    let lock = ws.lock_file();
    ws.run_ok(&["migrate"]);
    assert_eq!(ws.lock_file(), lock, "what is in the repository is sealed");
    ws.run_ok(&["status"]);
    ws.run_ok(&["seed"]);
    assert_ne!(ws.database().value("SELECT COUNT(*) FROM users"), "0");
    let courses = ws.database().value("SELECT COUNT(*) FROM courses");
    assert_ne!(courses, "0", "the seeds of development ran too");
    let refused = ws.database().refusal("UPDATE courses SET status = NULL");
    assert!(refused.is_some(), "the last migration makes the column required");
    ws.run_ok(&["down", "--steps", "5"]);
    assert!(!ws.database().has_table("users"));
}

#[test]
fn the_declared_schema_is_what_the_migrations_make() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    copy(&ws, "migrations");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.sql");
    let text = fs::read_to_string(schema).expect("the schema of the quick start");
    ws.write("schema.sql", &text);
    ws.run_ok(&["check", "--shadow"]);
    ws.run_ok(&["migrate"]);
    ws.run_ok(&["migrate"]).says("schema.sql asks for no more");
    // As the README goes on.
    let column = "    title     TEXT NOT NULL,";
    let edited = text.replace(column, &format!("{column}\n    summary TEXT,"));
    assert_ne!(edited, text);
    ws.write("schema.sql", edited);
    ws.run_ok(&["migrate", "--name", "add_lesson_summary"]);
    let id = ws.ids().pop().expect("six");
    let written = ws.read(&format!("migrations/{id}/migration.sql"));
    assert_eq!(written, "ALTER TABLE lessons ADD COLUMN summary TEXT;\n");
    ws.run_ok(&["down", "--steps", "1"]);
    ws.run_ok(&["migrate"]);
}

#[test]
fn deploys_where_rows_are_already_there() {
    let Some(ws) = Workspace::bare(Kind::Sqlite) else { return };
    copy(&ws, "migrations");
    let before = ws.ids().into_iter().find(|id| id.ends_with("_create_courses")).expect("there");
    ws.run_ok(&["deploy", "--to", &before]);
    ws.database().execute(
        "INSERT INTO users (id, email, name) VALUES (1, 'a@example.invalid', 'A');
         INSERT INTO courses (id, teacher_id, slug, title)
             VALUES (1, 1, 'a', 'A'), (2, 1, 'b', 'B');
         INSERT INTO lessons (id, course_id, position, title) VALUES (1, 1, 1, 'Start')",
    );
    ws.run_ok(&["deploy"]);
    let statuses = ws.database().column("SELECT status FROM courses ORDER BY id");
    assert_eq!(statuses, ["published", "draft"]);
    // The table is rebuilt, and its rows are referred to with ON DELETE CASCADE.
    assert_eq!(ws.database().value("SELECT COUNT(*) FROM lessons"), "1");
}
