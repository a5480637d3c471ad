//! `pull`: a database as a declared schema.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

on_each!(
    fn what_is_pulled_makes_the_same_database(ws) {
        history::deployed(ws);
        ws.run_ok(&["pull"]);
        let text = ws.read("schema.sql");
        ws.run_ok(&["check", "--shadow"]);
        ws.run_ok(&["diff", "--from", "database", "--to", "schema", "--exit-code"]);
        ws.run_ok(&["pull"]).says("is what pull writes");
        ws.run_ok(&["pull", "--force"]);
        assert_eq!(ws.read("schema.sql"), text, "it is stable");
        assert!(!text.contains("_xtask_db"), "{text}");
    }
);

on_each!(
    [Postgres]
    fn what_cannot_be_made_again_is_not_written(ws) {
        history::deployed(ws);
        ws.database().execute(
            "SET check_function_bodies = off; CREATE FUNCTION broken() RETURNS integer \
             LANGUAGE sql AS 'SELECT id FROM nowhere'",
        );
        ws.run(&["pull"]).refused(5, "XDB0415").says("nowhere");
        assert!(!ws.has("schema.sql"));
    }
);

#[test]
fn a_file_by_hand_is_left_and_another_one_is_not_overwritten() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    ws.run_ok(&["pull"]);
    let by_hand = format!("-- by hand\n{}", ws.read("schema.sql"));
    ws.write("schema.sql", &by_hand);
    ws.run_ok(&["pull"]).says("it is left as it is");
    assert_eq!(ws.read("schema.sql"), by_hand);
    let other = "CREATE TABLE other (id INTEGER);\n";
    ws.write("schema.sql", other);
    let _ = ws.run(&["pull"]).refused(5, "XDB0405").says("--force");
    assert_eq!(ws.read("schema.sql"), other);
    ws.run_ok(&["pull", "--output", "found.sql"]);
    assert!(ws.read("found.sql").contains("CREATE TABLE users"));
    ws.git_init();
    ws.run_ok(&["pull"]).says("wrote schema.sql");
    ws.write("schema.sql", "CREATE TABLE not_committed (id INTEGER);\n");
    let _ = ws.run(&["pull"]).refused(5, "XDB0405");
    ws.run_ok(&["pull", "--force"]);
    assert!(ws.read("schema.sql").contains("CREATE TABLE users"));
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::deployed(&ws);
    snapshot!("first", ws.run(&["pull"]));
    ws.write("schema.sql", "CREATE TABLE other (id INTEGER);\n");
    snapshot!("another_file", ws.run(&["pull"]));
    snapshot!("json", ws.run(&["pull", "--force", "--json"]));
}
