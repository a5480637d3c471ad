//! `push`: the declared schema on a development database, without a migration.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

const USERS: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, mail VARCHAR(100));\n";

on_each!(
    fn what_was_pushed_becomes_a_migration_that_is_applied(ws) {
        ws.write("schema.sql", USERS);
        ws.run_ok(&["push"]);
        assert!(ws.database().has_table("users"));
        assert!(ws.ids().is_empty(), "no file was written");
        ws.run_ok(&["push"]).says("has what schema.sql declares");
        ws.database().execute("INSERT INTO users (id, mail) VALUES (1, 'a')");
        ws.run_ok(&["migrate", "--name", "users"]);
        assert_eq!(history::applied(ws), ws.ids());
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "1");
        ws.run_ok(&["status", "--drift"]).says("no drift");
    }
);

on_each!(
    fn a_loss_needs_the_flag(ws) {
        ws.write("schema.sql", format!("{USERS}CREATE TABLE more (id INTEGER PRIMARY KEY);\n"));
        ws.run_ok(&["push"]);
        ws.database().execute("INSERT INTO more (id) VALUES (1)");
        ws.write("schema.sql", USERS);
        ws.run(&["push"]).refused(5, "XDB0412").says("1 row");
        assert!(ws.database().has_table("more"));
        ws.run_ok(&["push", "--accept-data-loss"]);
        assert!(!ws.database().has_table("more"));
    }
);

on_each!(
    [Postgres]
    fn what_the_database_refuses_is_rolled_back(ws) {
        ws.write("schema.sql", USERS);
        ws.run_ok(&["push"]);
        ws.database().execute(
            "CREATE FUNCTION frozen() RETURNS event_trigger LANGUAGE plpgsql \
             AS 'BEGIN RAISE ''frozen''; END'; \
             CREATE EVENT TRIGGER frozen ON ddl_command_start WHEN TAG IN ('CREATE VIEW') \
             EXECUTE FUNCTION frozen()",
        );
        let more = "CREATE TABLE more (id INTEGER PRIMARY KEY);\n\
                    CREATE VIEW mails AS SELECT mail FROM users;\n";
        let frozen = "CREATE FUNCTION frozen() RETURNS event_trigger LANGUAGE plpgsql \
                      AS 'BEGIN RAISE ''frozen''; END';\n";
        ws.write("schema.sql", format!("{frozen}{USERS}{more}"));
        ws.run(&["push"]).refused(6, "XDB0505").says("frozen");
        assert!(!ws.database().has_table("more"));
    }
);

on_each!(
    [MariaDb]
    fn what_no_statement_changes_is_refused(ws) {
        let versioned = |from: &str, to: &str| {
            let at = "TIMESTAMP(6) GENERATED ALWAYS AS ROW";
            format!(
                "CREATE TABLE prices (id INT PRIMARY KEY, {from} {at} START, {to} {at} END, \
                 PERIOD FOR SYSTEM_TIME ({from}, {to})) WITH SYSTEM VERSIONING;\n"
            )
        };
        ws.write("schema.sql", versioned("a", "b"));
        ws.run_ok(&["push"]);
        ws.write("schema.sql", versioned("c", "d"));
        ws.run(&["push", "--no-rename"]).refused(5, "XDB0410").says("prices");
    }
);

on_each!(
    fn force_reset_starts_from_nothing(ws) {
        history::developed(ws);
        ws.write("schema.sql", USERS);
        ws.run_ok(&["push", "--force-reset"]);
        assert!(ws.database().has_table("users") && !ws.database().has_table("courses"));
        // What does not load drops nothing.
        ws.write("schema.sql", "CREATE TABEL x (id INTEGER);\n");
        ws.run(&["push", "--force-reset"]).refused(2, "XDB0128");
        assert!(ws.database().has_table("users"));
    }
);

on_each!(
    fn a_deployed_database_is_refused(ws) {
        history::deployed(ws);
        ws.write("schema.sql", USERS);
        ws.run(&["push"]).refused(5, "XDB0402");
        assert!(ws.database().has_table("courses"));
    }
);

#[test]
fn rows_in_the_way_are_told() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    ws.write("schema.sql", USERS);
    ws.run_ok(&["push"]);
    ws.database().execute("INSERT INTO users (id, mail) VALUES (1, 'a')");
    ws.write("schema.sql", USERS.replace("VARCHAR(100)", "VARCHAR(100) CHECK (mail <> 'a')"));
    let run = ws.run(&["push"]);
    assert!(run.code == Some(5) || run.code == Some(6), "{run}");
    assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "1");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    snapshot!("no_schema", ws.run(&["push"]));
    ws.write("schema.sql", USERS);
    snapshot!("first", ws.run(&["push"]));
    snapshot!("again", ws.run(&["push", "--json"]));
}
