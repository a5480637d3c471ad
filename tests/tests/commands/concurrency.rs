//! Several deployers at once: all succeed, exactly one applies.

use std::time::Duration;

use rustix::process::Signal;
use xtask_db_engine::Failpoint;
use xtask_db_tests::on_each;
use xtask_db_tests::support::{
    Action, Fault, Held, Kind, Oracle, Proxy, Running, Workspace, mysql_row, postgres_value,
};

const DEPLOYERS: usize = 8;
/// How long a holder counts as alive after its last sign of life.
const LEASE: Duration = Duration::from_secs(15);
/// How late a waiter may be.
const DEADLINE: Duration = Duration::from_secs(5);

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
        // Stopped, not ended: its session keeps the lock, and it gives no sign of life.
        first.signal(Signal::STOP);
        let second = ws.run(&["deploy", "--lock-wait", "1"]).refused(7, "XDB0601");
        assert!(second.took < LEASE + DEADLINE, "{second}");
        let _ = second.says("pid");
        let none = ws.run(&["deploy", "--lock-wait", "0"]).refused(7, "XDB0601");
        assert!(none.took < DEADLINE, "{none}");
        first.signal(Signal::CONT);
        let _ = first.wait().ok();
        ws.run_ok(&["deploy"]);
    }
);

on_each!(
    [Postgres, MariaDb]
    fn a_holder_that_is_alive_is_waited_for(ws) {
        let sleep = match ws.database().kind() {
            Kind::MariaDb => "DO SLEEP(3);\n",
            _ => "SELECT pg_sleep(3);\n",
        };
        ws.migration("20260101000000_slow", sleep);
        ws.run_ok(&["lock"]);
        let first = ws.start(&["deploy"]);
        crate::interruption::wait_for_statement(ws, "sleep(3)");
        let _ = ws.run(&["deploy", "--lock-wait", "1"]).ok();
        let _ = first.wait().ok();
    }
);

on_each!(
    [PgBouncer]
    fn a_file_that_needs_a_session_is_refused_behind_a_pooler(ws) {
        ws.migration(
            "20260101000000_i",
            "CREATE TABLE a (id INTEGER);\nSET maintenance_work_mem = '32MB';\n\
             CREATE INDEX CONCURRENTLY a_id ON a (id);\n",
        );
        ws.run_ok(&["lock"]);
        let _ = ws.run(&["deploy"]).refused(2, "XDB0126").says("SET maintenance_work_mem");
        assert!(!ws.database().has_table("a"));
    }
);

on_each!(
    [Postgres]
    fn an_index_that_waits_names_who_is_in_the_way_and_gives_up(ws) {
        ws.migration("20260101000000_a", "CREATE TABLE a AS SELECT 1 AS id;\n");
        ws.migration("20260102000000_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);\n");
        ws.run_ok(&["lock"]);
        ws.run_ok(&["deploy", "--to", "20260101000000_a"]);
        std::thread::scope(|scope| {
            // One implicit transaction, which has written the table.
            let held = "UPDATE a SET id = 2; SELECT pg_sleep(11)";
            let reader = scope.spawn(|| ws.database().rows(held));
            crate::interruption::wait_for_statement(ws, "pg_sleep(11)");
            let cut = ws.run(&["deploy", "--index-wait", "6"]).refused(7, "XDB0603");
            let _ = cut.says("the index waits for server session");
            let _ = reader.join().expect("the reader ends");
        });
        ws.run_ok(&["deploy"]);
        let invalid = "SELECT COUNT(*) FROM pg_index WHERE NOT indisvalid";
        assert_eq!(ws.database().value(invalid), "0");
    }
);

on_each!(
    [Postgres, MariaDb]
    fn an_expired_lease_is_told_as_what_it_is(ws) {
        ws.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        let (to, with) = match ws.database().kind() {
            Kind::MariaDb => ("GET_LOCK(", mysql_row(&[None])),
            _ => ("pg_try_advisory_lock(", postgres_value(None)),
        };
        let proxy = Proxy::before(ws.database().url(), Fault::Answer { to, with });
        let url = proxy.url(ws.database().url());
        let through = [("DATABASE_URL", url.as_str())];
        let place = (Failpoint::Planned, 1);
        let mut first = Held::start(ws, place, Action::Hold, &through, &["deploy"]);
        assert!(first.reached(), "{}", first.wait());
        let pid = format!("pid {}", first.pid());
        first.signal(Signal::KILL);
        let _ = first.wait();
        ws.database().execute("UPDATE _xtask_db_lock SET expires_at = '2026-01-01 00:00:00'");
        let second = ws.run_with(&through, &["deploy", "--lock-wait", "0"]);
        let _ = second.refused(7, "XDB0601").says(&pid).says("its lease expired");
        let third = ws.run_with(&through, &["deploy"]);
        let _ = third.ok().says("its lease expired").silent_about("another deployer");
    }
);

on_each!(
    [Sqlite]
    fn a_deploy_that_is_stopped_gives_its_lease_up(ws) {
        let journaled = "-- xtask-db: no-transaction\n\
            CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (id INTEGER PRIMARY KEY);\n";
        ws.migration("20260101000000_a", journaled);
        ws.run_ok(&["lock"]);
        let place = (Failpoint::Counted, 1);
        let mut first = Held::start(ws, place, Action::Hold, &[], &["deploy"]);
        assert!(first.reached(), "{}", first.wait());
        first.signal(Signal::TERM);
        let _ = first.wait().refused(143, "XDB0903");
        let next = ws.run(&["deploy", "--lock-wait", "0"]).ok();
        assert!(next.took < DEADLINE, "{next}");
    }
);

on_each!(
    [Sqlite]
    fn bookkeeping_waits_for_its_turn_to_write(ws) {
        ws.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["lock"]);
        let pause = |point| Held::start(ws, (point, 1), Action::Pause, &[], &["deploy"]);
        let mut first = pause(Failpoint::Planned);
        assert!(first.reached(), "{}", first.wait());
        let mut second = pause(Failpoint::Opened);
        assert!(second.reached(), "{}", second.wait());
        first.let_go();
        // Longer than the driver waits by itself.
        std::thread::sleep(Duration::from_secs(7));
        second.let_go();
        let _ = second.wait().ok();
        let _ = first.wait().ok();
    }
);
