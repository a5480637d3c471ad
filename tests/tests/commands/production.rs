//! Never in production: a database that is not for development is safe from every command of
//! development, whatever URL it was reached by.

use xtask_db_tests::on_each;
use xtask_db_tests::support::{Database, Kind, Workspace};

use crate::history;

const DEVELOPMENT_COMMANDS: [&[&str]; 6] =
    [&["migrate"], &["redo"], &["reset", "--force"], &["drop", "--force"], &["seed"], &["down"]];

fn everything(database: &Database) -> String {
    let rows = database.rows("SELECT migration_name FROM _xtask_db_migrations ORDER BY id");
    format!("{rows:?}\n{}", xtask_db_tests::support::catalog(database))
}

on_each!(
    fn a_dotenv_that_points_at_production_is_stopped(ws) {
        history::deployed(ws);
        ws.write("seeds/1.sql", "INSERT INTO users VALUES (1, 'first');\n");
        ws.write(".env", format!("DATABASE_URL={}\n", ws.database().url()));
        ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
        let before = everything(ws.database());
        for words in DEVELOPMENT_COMMANDS {
            let run = ws.run_with(&[("DATABASE_URL", "")], words);
            assert_eq!(run.code, Some(5), "{run}");
            // A flag, a spelling or a name of another environment does not open it.
            let flagged = [&["--url", ws.database().url()], words].concat();
            let run = ws.run_with(&[("DATABASE_URL", "")], &flagged);
            assert_eq!(run.code, Some(5), "{run}");
            let named = ws.run_with(&[("XTASK_DB_ENV", "development")], words);
            assert!(matches!(named.code, Some(2 | 5)), "{named}");
        }
        assert_eq!(everything(ws.database()), before);
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "0");
    }
);

on_each!(
    fn objects_without_a_marker_are_somebodys(ws) {
        ws.database().execute("CREATE TABLE theirs (id INTEGER PRIMARY KEY)");
        history::sealed(ws);
        for words in DEVELOPMENT_COMMANDS {
            let run = ws.run(words);
            assert!(matches!(run.code, Some(4 | 5)), "{run}");
        }
        assert!(ws.database().has_table("theirs") && !ws.database().has_table("users"));
    }
);

#[test]
fn a_named_environment_must_be_the_one_of_the_marker() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(
        &ws,
        "[workspace.metadata.db.env.production]\nurl = \"env:SOME_URL\"\n\n\
         [workspace.metadata.db.env.staging]\nurl = \"env:SOME_URL\"\n",
    );
    ws.set("SOME_URL", ws.database().url().to_owned());
    history::sealed(&ws);
    ws.run_ok(&["--env", "production", "deploy"]);
    ws.run_ok(&["env"]).says("production");
    ws.migration("20260104000000_next", "CREATE TABLE next (id INTEGER PRIMARY KEY);\n");
    ws.run_ok(&["lock"]);
    let _ = ws
        .run(&["--env", "staging", "deploy"])
        .refused(5, "XDB0407")
        .says("production")
        .says("staging");
    assert!(!ws.database().has_table("next"));
    for words in DEVELOPMENT_COMMANDS {
        let run = ws.run(&[&["--env", "production"], words].concat());
        assert_eq!(run.code, Some(5), "{run}");
    }
    ws.run_ok(&["--env", "production", "deploy"]);
}

#[test]
fn down_elsewhere_with_both_words() {
    let Some(mut ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db.env.production]\nurl = \"env:SOME_URL\"\n");
    ws.set("SOME_URL", ws.database().url().to_owned());
    history::sealed(&ws);
    ws.run_ok(&["--env", "production", "deploy"]);
    let _ = ws.run(&["--env", "production", "down"]).refused(5, "XDB0403").says("--yes-revert");
    assert_eq!(history::applied(&ws).len(), 3);
    let wrong = ws.run(&["--env", "production", "down", "--yes-revert", "another"]);
    assert_eq!(wrong.code, Some(5), "{wrong}");
    assert_eq!(history::applied(&ws).len(), 3);
    let name = crate::env::database_name(&ws);
    ws.run_ok(&["--env", "production", "down", "--yes-revert", &name]);
    assert_eq!(history::applied(&ws).len(), 2);
}

#[test]
fn an_environment_that_is_not_configured_is_refused() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::manifest(&ws, "[workspace.metadata.db.env.production]\nurl = \"env:SOME_URL\"\n");
    history::sealed(&ws);
    // DATABASE_URL is set and must not stand in for the environment's own URL.
    let _ = ws.run(&["--env", "production", "deploy"]).refused(2, "XDB0116").says("SOME_URL");
    let _ = ws.run(&["--env", "produktion", "deploy"]).refused(2, "XDB0115").says("production");
    assert!(!ws.database().has_table("users"));
}
