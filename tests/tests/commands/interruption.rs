//! A deploy that is killed, interrupted or cut off: the next one converges.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Oracle, Workspace};

const SEEN_MAX: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);
/// Moments of a run at which it is killed, in milliseconds after its start.
const KILL_AFTER_MS: [u64; 6] = [1, 4, 9, 16, 30, 60];

/// Waits until a server runs a statement with this text.
#[track_caller]
pub(crate) fn wait_for_statement(ws: &Workspace, text: &str) {
    let sql = match ws.database().kind() {
        Kind::MariaDb => format!(
            "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() \
             AND id <> CONNECTION_ID() AND LOWER(info) LIKE '%{text}%'"
        ),
        _ => format!(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND state = 'active' AND LOWER(query) LIKE '%{text}%'"
        ),
    };
    let started = Instant::now();
    while ws.database().value(&sql) == "0" {
        assert!(started.elapsed() < SEEN_MAX, "no session runs `{text}`");
        sleep(POLL);
    }
}

fn interrupted_by(ws: &Workspace, signal: Signal, exit: i32) {
    let sleeping = match ws.database().kind() {
        Kind::MariaDb => "DO SLEEP(60);\n",
        _ => "SELECT pg_sleep(60);\n",
    };
    let oracle = Oracle::new(ws);
    oracle.migration("20260101000000_a", "CREATE TABLE a (id INTEGER PRIMARY KEY);");
    ws.migration("20260102000000_slow", sleeping);
    ws.run_ok(&["lock"]);
    let running = ws.start(&["deploy"]);
    wait_for_statement(ws, "sleep(60)");
    running.signal(signal);
    let run = running.wait();
    let run = run.refused(exit, "XDB0903");
    assert!(run.took < Duration::from_secs(30), "the statement was cancelled: {run}");
    // A later text of the same migration, as a fresh draft would have: nothing holds the lock.
    let next = ws.run(&["deploy", "--to", "20260101000000_a", "--lock-wait", "5"]);
    Oracle::check_run(&next);
    assert_ne!(next.code, Some(7), "the lock is free: {next}");
    assert_eq!(ws.database().value("SELECT COUNT(*) FROM trace"), "2");
}

on_each!(
    [Postgres, MariaDb]
    fn ctrl_c_cancels_on_the_server(ws) {
        interrupted_by(ws, Signal::INT, 130);
    }
);

on_each!(
    [Postgres, MariaDb]
    fn sigterm_cancels_on_the_server(ws) {
        interrupted_by(ws, Signal::TERM, 143);
    }
);

on_each!(
    fn a_killed_deploy_is_finished_by_the_next(ws) {
        let oracle = Oracle::new(ws);
        for number in 1..=6 {
            oracle.migration(
                &format!("2026010{number}000000_t{number}"),
                &format!(
                    "CREATE TABLE t{number} (id INTEGER PRIMARY KEY);\n\
                     INSERT INTO t{number} (id) VALUES (1);\n\
                     CREATE TABLE u{number} (id INTEGER PRIMARY KEY);"
                ),
            );
        }
        ws.run_ok(&["lock"]);
        for after in KILL_AFTER_MS {
            let running = ws.start(&["deploy"]);
            sleep(Duration::from_millis(after));
            running.signal(Signal::KILL);
            let _ = running.wait();
        }
        let last = ws.run(&["deploy"]);
        Oracle::check_run(&last);
        if last.code == Some(4) {
            // Only where the server commits by itself and its catalog proves nothing.
            assert_eq!(ws.database().kind(), Kind::MariaDb, "{last}");
            let _ = last.says("statement").says("resolve");
            return;
        }
        let _ = last.ok();
        oracle.check();
    }
);
