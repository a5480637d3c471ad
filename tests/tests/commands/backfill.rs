//! `backfill`: run, status, pause; what waits for a backfill; what is refused.

use xtask_db_tests::support::{Kind, Workspace};
use xtask_db_tests::{on_each, snapshot};

const ID: &str = "20260101000000_people";
const LATER: &str = "20260102000000_require_plan";

/// A table whose new column is filled, and a migration that needs that.
fn people(ws: &Workspace) {
    people_with(ws, "UPDATE people SET plan = 'free' WHERE id > :from AND id <= :to");
}

fn people_with(ws: &Workspace, statement: &str) {
    let rows: Vec<String> = (1..=300).map(|id| format!("({id}, NULL)")).collect();
    ws.migration(
        ID,
        &format!(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, plan VARCHAR(20));\n\
             INSERT INTO people VALUES {};\n",
            rows.join(", ")
        ),
    );
    let folder = format!("migrations/{ID}");
    let text = format!("-- xtask-db: batch people(id) 50\n{statement};\n");
    ws.write(&format!("{folder}/backfill.sql"), text);
    let verify = "SELECT COUNT(*) FROM people WHERE plan IS NULL;\n";
    ws.write(&format!("{folder}/verify.sql"), verify);
    let later = format!(
        "-- xtask-db: after-backfill {ID}\nCREATE TABLE plans (name VARCHAR(20) NOT NULL);\n"
    );
    ws.migration(LATER, &later);
    ws.run_ok(&["lock"]);
}

on_each!(
    fn deploy_leaves_what_waits_until_it_is_filled(ws) {
        people(ws);
        ws.run(&["deploy"])
            .refused(3, "XDB0312")
            .says("applied 1 migration")
            .says("cargo xtask db backfill run");
        assert!(!ws.database().has_table("plans"));
        ws.run(&["status"]).refused(3, "XDB0301");
        ws.run(&["backfill", "status"]).refused(3, "XDB0312").says("not begun");
        ws.run(&["deploy", "--dry-run"]).ok().says("waits:");
        ws.run_ok(&["backfill", "run"]).says("filled 20260101000000_people: 300 rows");
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM people WHERE plan = 'free'"), "300");
        ws.run_ok(&["deploy"]).says("applied 1 migration");
        assert!(ws.database().has_table("plans"));
        ws.run_ok(&["status"]);
        ws.run_ok(&["backfill", "run"]).says("1 backfill of applied migrations");
    }
);

on_each!(
    fn in_development_migrate_goes_through_all_of_it(ws) {
        people(ws);
        ws.run_ok(&["migrate"]).says(LATER);
        assert_eq!(ws.database().value("SELECT COUNT(*) FROM people WHERE plan = 'free'"), "300");
        assert!(ws.database().has_table("plans"));
        ws.run_ok(&["status"]);
        ws.run_ok(&["reset", "--force"]);
        assert!(ws.database().has_table("plans"));
    }
);

on_each!(
    [Sqlite]
    fn the_configuration_says_whether_deploy_runs_it(ws) {
        people(ws);
        ws.run_with(&[("XTASK_DB_BACKFILL", "run")], &["deploy"]).ok().says("filled");
        assert!(ws.database().has_table("plans"));
    }
);

on_each!(
    fn a_batch_that_fails_and_a_verify_that_finds_something(ws) {
        let checked = "UPDATE people SET plan = (CASE WHEN id = 120 THEN NULL ELSE 'free' END) \
             WHERE id > :from AND id <= :to";
        people_with(ws, checked);
        let _ = ws.run(&["deploy"]);
        ws.run(&["backfill", "run"]).refused(6, "XDB0507").says("verify.sql");
        ws.run(&["deploy"]).refused(3, "XDB0312");
        ws.database().execute("UPDATE people SET plan = 'free' WHERE plan IS NULL");
        ws.run_ok(&["backfill", "run"]);
        ws.run_ok(&["deploy"]);

        let again = "20260103000000_fails";
        ws.migration(again, "CREATE TABLE narrow (id INTEGER PRIMARY KEY, CHECK (id < 1000));");
        let text = "-- xtask-db: batch people(id) 50\n\
            INSERT INTO narrow SELECT id * 10 FROM people WHERE id > :from AND id <= :to;\n";
        ws.write(&format!("migrations/{again}/backfill.sql"), text);
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy"]);
        ws.run(&["backfill", "run"]).refused(6, "XDB0506").says("backfill.sql").says("committed");
    }
);

on_each!(
    fn a_person_holds_it(ws) {
        people(ws);
        let _ = ws.run(&["deploy"]);
        ws.run_ok(&["backfill", "pause"]).says("no backfill runs");
        ws.run_ok(&["backfill", "pause", ID]).says("not begun");
        let mut running =
            ws.start(&["backfill", "run", "--batch-time", "2", "--rest", "400"]);
        let begun = || {
            let status = ws.run(&["backfill", "status", "--json"]).json();
            status["backfills"][0]["batches"].as_u64() > Some(0)
        };
        while !begun() {
            assert!(!running.has_ended(), "it ended before it was seen to run");
        }
        if ws.database().kind() != Kind::Sqlite {
            // Where a session can hold a lock, the second one says who is there.
            ws.run(&["backfill", "run", "--lock-wait", "0"]).refused(7, "XDB0604");
        }
        ws.run_ok(&["backfill", "pause"]).says("held: 20260101000000_people");
        running.wait().refused(3, "XDB0312").says("held");
        ws.run(&["backfill", "status"]).refused(3, "XDB0312").says("held");
        ws.run_ok(&["backfill", "run"]).says("300 rows");
        ws.run_ok(&["backfill", "pause", ID]).says("done already");
    }
);

on_each!(
    [Sqlite]
    fn what_cannot_be_run_is_refused_before_anything_runs(ws) {
        people_with(ws, "UPDATE people SET plan = 'free' WHERE id <= :to");
        let snapshot = ws.run(&["deploy"]).refused(4, "XDB0217");
        snapshot!("no_from", snapshot);
        assert!(!ws.database().has_table("people"));
    }
);

on_each!(
    [Sqlite]
    fn says_how_far_it_is(ws) {
        people(ws);
        snapshot!("deploy_waits", ws.run(&["deploy"]).refused(3, "XDB0312"));
        snapshot!("status_waits", ws.run(&["backfill", "status"]).refused(3, "XDB0312"));
        let with = ws.run(&["backfill", "run", "--max-lag", "5"]);
        snapshot!("no_lag", with.refused(2, "XDB0131"));
        ws.run(&["script"]).refused(4, "XDB0210").says("waits for the backfill");
    }
);

on_each!(
    fn the_three_steps_of_the_guide(ws) {
        let require = match ws.database().kind() {
            Kind::MariaDb => "ALTER TABLE users MODIFY plan VARCHAR(20) NOT NULL;\n",
            Kind::Sqlite => "CREATE TABLE required (id INTEGER PRIMARY KEY);\n",
            _ => "ALTER TABLE users ALTER COLUMN plan SET NOT NULL;\n",
        };
        let undo = match ws.database().kind() {
            Kind::MariaDb => "ALTER TABLE users MODIFY plan VARCHAR(20);\n",
            Kind::Sqlite => "DROP TABLE required;\n",
            _ => "ALTER TABLE users ALTER COLUMN plan DROP NOT NULL;\n",
        };
        let [add, fill, last] =
            ["20260301090000_add_plan", "20260301090001_fill_plan", "20260301090002_require_plan"];
        ws.migration(
            "20260201000000_users",
            "CREATE TABLE users (id INTEGER PRIMARY KEY);\n\
             INSERT INTO users VALUES (1), (2), (7);\n",
        );
        ws.run_ok(&["migrate"]);
        ws.reversible(
            add,
            "ALTER TABLE users ADD COLUMN plan VARCHAR(20);\n",
            "ALTER TABLE users DROP COLUMN plan;\n",
        );
        let comment = "-- the rows are changed by backfill.sql\n";
        ws.reversible(fill, comment, "-- what was filled may stay\n");
        ws.write(
            &format!("migrations/{fill}/backfill.sql"),
            "-- xtask-db: batch users(id) 1000\n\
             UPDATE users SET plan = 'free' WHERE id > :from AND id <= :to AND plan IS NULL;\n",
        );
        let verify = "SELECT count(*) FROM users WHERE plan IS NULL;\n";
        ws.write(&format!("migrations/{fill}/verify.sql"), verify);
        ws.reversible(last, &format!("-- xtask-db: after-backfill {fill}\n{require}"), undo);
        ws.run_ok(&["migrate"]).says(last).says("filled 20260301090001_fill_plan: 3 rows");
        let free = "SELECT COUNT(*) FROM users WHERE plan = 'free'";
        assert_eq!(ws.database().value(free), "3");
        ws.run_ok(&["check"]);
        ws.run_ok(&["down", "--to", "20260201000000_users"]);
        ws.run_ok(&["deploy"]).says("filled");
        assert_eq!(ws.database().value(free), "3", "applied again it is filled anew");
        ws.run_ok(&["status"]);
    }
);
