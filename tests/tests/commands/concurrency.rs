//! Several deployers at once: all succeed, exactly one applies.

use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Oracle, Running, Workspace};

const DEPLOYERS: usize = 8;

fn start_all(ws: &Workspace) -> Vec<Running> {
    (0..DEPLOYERS).map(|_| ws.start(&["deploy"])).collect()
}

on_each!(
    [Sqlite, Postgres, MariaDb]
    fn eight_deployers_apply_once(ws) {
        let oracle = Oracle::new(ws);
        for number in 1..=5 {
            oracle.migration(
                &format!("2026010{number}000000_t{number}"),
                &format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY);"),
            );
        }
        ws.run_ok(&["lock"]);
        for run in start_all(ws) {
            let _ = run.wait().ok();
        }
        oracle.check();
        let rows = ws.database().value("SELECT COUNT(*) FROM _xtask_db_migrations");
        assert_eq!(rows, "6", "one row per migration, none of a second attempt");
    }
);

on_each!(
    [PgBouncer]
    fn one_deployer_at_a_time_through_a_pooler(ws) {
        let oracle = Oracle::new(ws);
        oracle.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);");
        ws.run_ok(&["lock"]);
        for _ in 0..5 {
            ws.run_ok(&["deploy"]);
        }
        ws.run_ok(&["status"]);
        oracle.check();
    }
);

on_each!(
    [Postgres]
    fn a_concurrent_index_and_waiting_deployers_do_not_block_each_other(ws) {
        let oracle = Oracle::new(ws);
        oracle.migration(
            "20260101000000_a",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);\n\
             INSERT INTO a SELECT n, n::text FROM generate_series(1, 20000) AS n;",
        );
        ws.migration("20260102000000_i", "CREATE INDEX CONCURRENTLY a_name ON a (name);\n");
        oracle.migration("20260103000000_b", "CREATE TABLE b (id INTEGER PRIMARY KEY);");
        ws.run_ok(&["lock"]);
        for run in start_all(ws) {
            let _ = run.wait().ok();
        }
        let invalid = "SELECT COUNT(*) FROM pg_index WHERE NOT indisvalid";
        assert_eq!(ws.database().value(invalid), "0");
        let traces = ws.database().value("SELECT COUNT(*) FROM trace");
        assert_eq!(traces, "3", "no body ran twice");
        ws.run_ok(&["status"]);
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_waiting_deployer_gives_up_in_time_and_names_the_holder(ws) {
        let sleep = match ws.database().kind() {
            Kind::MariaDb => "DO SLEEP(6);\n",
            _ => "SELECT pg_sleep(6);\n",
        };
        ws.migration("20260101000000_slow", sleep);
        ws.run_ok(&["lock"]);
        let first = ws.start(&["deploy"]);
        crate::interruption::wait_for_statement(ws, "sleep(6)");
        let second = ws.run(&["deploy", "--lock-wait", "1"]).refused(7, "XDB0601");
        assert!(second.took.as_secs() < 5, "{second}");
        let _ = first.wait().ok();
        ws.run_ok(&["deploy"]);
    }
);
