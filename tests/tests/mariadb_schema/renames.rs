//! Renames, and the plan that follows them.

use xtask_db_schema::{Catalog, PlanOptions, Rename, RenameKind};

use crate::server::{database, read, run};

fn renamed(kind: RenameKind, parent: Option<&str>, from: &str, to: &str) -> Rename {
    let parent = parent.map(str::to_owned);
    Rename { kind, schema: None, parent, from: from.to_owned(), to: to.to_owned() }
}

#[test]
fn what_is_renamed_keeps_its_rows_and_the_plan_mends_the_rest() {
    let from = "CREATE TABLE users (id INT PRIMARY KEY, username TEXT, age INT CHECK (age > 0), \
         next INT AS (age + 1) VIRTUAL, KEY by_age (age)); \
         CREATE TABLE notes (id INT, user INT, FOREIGN KEY (user) REFERENCES users (id)); \
         CREATE VIEW names AS SELECT id, username FROM users; \
         CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW SET NEW.username = 'x'";
    let to = "CREATE TABLE people (id INT PRIMARY KEY, name TEXT, years INT CHECK (years > 0), \
         next INT AS (years + 1) VIRTUAL, KEY by_years (years)); \
         CREATE TABLE notes (id INT, user INT, FOREIGN KEY (user) REFERENCES people (id)); \
         CREATE VIEW names AS SELECT id, name FROM people; \
         CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW SET NEW.name = 'x'";
    let (Some(old), Some(new)) = (database(from), database(to)) else { return };
    old.execute("INSERT INTO users (id, username, age) VALUES (1, 'a', 7)");
    let wanted = read(&new);
    let renames = [
        renamed(RenameKind::Column, Some("users"), "username", "name"),
        renamed(RenameKind::Column, Some("users"), "age", "years"),
        renamed(RenameKind::Index, Some("users"), "by_age", "by_years"),
        renamed(RenameKind::Table, None, "users", "people"),
    ];
    for step in read(&old).rename(&renames).expect("renames") {
        run(&old, &step.sql);
    }
    let plan = read(&old).plan(&wanted, &PlanOptions::default()).expect("a plan");
    let script = plan.script();
    assert!(!script.contains("DROP TABLE") && !script.contains("DROP COLUMN"), "{script}");
    run(&old, &script);
    assert_eq!(read(&old).fingerprint(), wanted.fingerprint(), "{script}");
    let row = old.value("SELECT CONCAT_WS('|', id, name, years, next) FROM people");
    assert_eq!(row, "1|x|7|8");
}

#[test]
fn renames_are_guessed_where_little_else_changed() {
    #[track_caller]
    fn check(from: &str, to: &str, expected: &[&str]) {
        let (Some(old), Some(new)) = (database(from), database(to)) else { return };
        let (from, to): (Catalog, Catalog) = (read(&old), read(&new));
        let all: Vec<String> =
            from.guesses(&to).iter().map(|guess| guess.rename.to_string()).collect();
        assert_eq!(all, expected);
    }
    check(
        "CREATE TABLE users (id INT PRIMARY KEY, email TEXT, KEY k (email(9)))",
        "CREATE TABLE accounts (id INT PRIMARY KEY, email TEXT, KEY k (email(9)))",
        &["users=accounts"],
    );
    check(
        "CREATE TABLE t (id INT, e_mail VARCHAR(90), KEY a (id)); CREATE VIEW v AS SELECT 1",
        "CREATE TABLE t (id INT, email VARCHAR(90), KEY b (id)); CREATE VIEW w AS SELECT 1",
        &["t.e_mail=email", "v=w", "t.a=b"],
    );
    check("CREATE TABLE a (id INT, x TEXT)", "CREATE TABLE b (n DATE, y BLOB, z INT)", &[]);
}
