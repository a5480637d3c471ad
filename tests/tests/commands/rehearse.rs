//! `rehearse`: the pending migrations on a restored backup.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

const BIG: &str = "20260104000000_big";

fn pending(ws: &Workspace) {
    history::deployed(ws);
    ws.database().execute("INSERT INTO users (id, name) VALUES (1, 'a'), (2, 'b')");
    ws.run_ok(&["backup"]);
    ws.migration(
        BIG,
        "UPDATE users SET name = 'c';\nALTER TABLE users ADD COLUMN age INTEGER;\n\
         CREATE TABLE fresh (id INTEGER PRIMARY KEY);\n",
    );
    ws.run_ok(&["lock"]);
}

on_each!(
    fn says_what_each_statement_takes_and_touches_nothing(ws) {
        pending(ws);
        let said = ws.run_ok(&["rehearse", "--json"]).json();
        let steps = said["statements"].as_array().cloned().unwrap_or_default();
        assert_eq!(steps.len(), 3, "{said}");
        assert_eq!((&steps[0]["id"], &steps[0]["rows"]), (&BIG.into(), &2.into()));
        let modes = |at: usize| steps[at]["locks"].to_string();
        if ws.database().kind() == Kind::Postgres {
            assert!(modes(0).contains("RowExclusiveLock"), "{said}");
            assert!(modes(1).contains("AccessExclusiveLock"), "{said}");
            assert_eq!(modes(2), "[]", "what it makes itself is in nobody's way");
        }
        assert!(!ws.database().has_table("fresh"));
        let names = "SELECT COUNT(*) FROM users WHERE name = 'c'";
        assert_eq!(ws.database().value(names), "0");
        nothing_is_left(ws);
    }
);

on_each!(
    fn a_migration_that_fails_on_real_rows_is_found_here(ws) {
        pending(ws);
        ws.migration(
            "20260105000000_unique",
            "CREATE UNIQUE INDEX users_name ON users (name);\n",
        );
        ws.run_ok(&["lock"]);
        let run = ws.run(&["rehearse"]).refused(6, "XDB0501").says("users_name");
        assert!(run.stdout.contains(BIG), "what ran before is listed: {run}");
        nothing_is_left(ws);
    }
);

fn nothing_is_left(ws: &Workspace) {
    let databases = match ws.database().kind() {
        Kind::Sqlite => return,
        Kind::MariaDb => "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA",
        _ => "SELECT datname::text FROM pg_database",
    };
    // Those of other tests are of other databases: the main one's name is in the hash of theirs.
    let ours = ws.database().shadow_prefix();
    let left = ws.database().column(databases);
    assert!(!left.iter().any(|name| name.starts_with(&ours)), "{left:?}");
}

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    pending(&ws);
    snapshot!("pending", ws.run(&["rehearse"]));
}
