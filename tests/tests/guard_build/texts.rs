//! The same migrations as another checkout writes them.

use crate::scratch::{NOTES, Scratch, USERS};

/// The list must be the same, whatever the bytes on disk are.
fn check(name: &str, change: impl Fn(&str) -> String) {
    let scratch = Scratch::new(name);
    scratch.write("migrations/1_users/down.sql", "DROP TABLE users;\n");
    scratch.builds("1_users 2_notes");
    let before = scratch.listed("debug");
    assert_eq!(before[0][3], format!("{USERS:?}"));
    for file in
        ["migrations.lock", "1_users/migration.sql", "1_users/down.sql", "2_notes/migration.sql"]
    {
        let path = format!("migrations/{file}");
        scratch.write(&path, change(&scratch.read(&path)));
    }
    scratch.builds("1_users 2_notes");
    assert_eq!(scratch.listed("debug"), before);
    scratch.is_fresh();
    // still watched, and still guarded
    scratch.write("migrations/2_notes/migration.sql", change(&NOTES.replace("notes", "pages")));
    scratch.refuses(&["XDB0201: the sealed migration 2_notes was changed"]);
    scratch.write("migrations/2_notes/migration.sql", NOTES);
    scratch.write("migrations/1_users/down.sql", change("DROP TABLE IF EXISTS users;\n"));
    scratch.builds("1_users 2_notes");
    assert_eq!(scratch.listed("debug")[0][4], "Some(\"DROP TABLE IF EXISTS users;\\n\")");
}

#[test]
fn a_checkout_with_crlf() {
    check("guard-crlf", |text| text.replace('\n', "\r\n"));
}

#[test]
fn files_with_a_byte_order_mark() {
    check("guard-bom", |text| format!("\u{feff}{text}"));
}

#[test]
fn both_at_once() {
    check("guard-bom-crlf", |text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
}

#[test]
fn texts_that_a_literal_has_to_escape() {
    let scratch = Scratch::new("guard-escapes");
    let text = "SELECT '\"\\n{}\u{1f600}\u{202e}\t';\r\n-- \\\r\n";
    scratch.write("migrations/3_quotes/migration.sql", text);
    scratch.builds("1_users 2_notes ?3_quotes");
    assert_eq!(scratch.listed("debug")[2][3], format!("{:?}", text.replace("\r\n", "\n")));
}
