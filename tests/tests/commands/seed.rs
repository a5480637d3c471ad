//! `seed`: files in order, for the environment, and never in production by accident.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

use crate::history;

on_each!(
    fn runs_the_files_in_order(ws) {
        history::developed(ws);
        ws.write("seeds/20_b.sql", "UPDATE users SET name = 'second' WHERE id = 1;\n");
        ws.write("seeds/10_a.sql", "DELETE FROM users;\nINSERT INTO users VALUES (1, 'first');\n");
        ws.write("seeds/development/01.sql", "INSERT INTO users VALUES (2, 'dev; only');\n");
        ws.write("seeds/staging/01.sql", "INSERT INTO users VALUES (3, 'staging');\n");
        ws.run_ok(&["seed"]);
        let names = ws.database().column("SELECT name FROM users ORDER BY id");
        assert_eq!(names, ["second", "dev; only"]);
    }
);

on_each!(
    fn a_failing_file_names_its_place(ws) {
        history::developed(ws);
        ws.write("seeds/10_a.sql", "SELECT 1;\nINSERT INTO nothing VALUES (1);\n");
        let run = ws.run(&["seed"]);
        assert!(matches!(run.code, Some(1 | 6)), "{run}");
        run.says("10_a.sql").says("2 of 2");
    }
);

on_each!(
    fn refuses_a_database_that_was_deployed(ws) {
        history::deployed(ws);
        ws.write("seeds/10_a.sql", "INSERT INTO users VALUES (1, 'first');\n");
        ws.run(&["seed"]).refused(5, "XDB0402");
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM users"), "0");
    }
);

on_each!(
    fn a_statement_that_fails_is_shown_with_its_place(ws) {
        history::developed(ws);
        ws.write("seeds/10_a.sql", "SELECT 1;\nINSERT INTO nowhere VALUES (1);\n");
        ws.run(&["seed"]).refused(6, "XDB0504").says("seeds/10_a.sql:2:");
    }
);

#[test]
fn prints() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    history::developed(&ws);
    snapshot!("nothing", ws.run(&["seed"]));
    ws.write("seeds/10_a.sql", "INSERT INTO users VALUES (1, 'first');\n");
    snapshot!("one", ws.run(&["seed"]));
    snapshot!("twice", ws.run(&["seed"]));
}
