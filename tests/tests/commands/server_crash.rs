//! The server itself is killed in the middle of a deploy: once it is back, the next ends it.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use xtask_db_tests::servers::{POSTGRES_URL, Postgres, Syncing};
use xtask_db_tests::support::{Database, Kind, Oracle, Workspace, skip};

/// Moments of a run at which the server dies, in milliseconds after its start.
const CRASH_AFTER_MS: [u64; 3] = [20, 90, 250];

#[test]
fn a_crashed_server_loses_nothing_and_repeats_nothing() {
    if std::env::var_os(POSTGRES_URL).is_none() {
        skip(&format!("{POSTGRES_URL} is not set"));
        return;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut server = Postgres::start(target, Syncing::Durable).expect("a server of its own");
    let database = Database::on_server(Kind::Postgres, &server.url(), server.url());
    let ws = Workspace::around(database);
    let oracle = Oracle::new(&ws);
    for number in 1..=9 {
        oracle.migration(
            &format!("2026010{number}000000_t{number}"),
            &format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY);\nSELECT pg_sleep(0.03);"),
        );
    }
    ws.run_ok(&["lock"]);
    for after in CRASH_AFTER_MS {
        let running = ws.start(&["deploy"]);
        sleep(Duration::from_millis(after));
        server.crash_and_restart(Syncing::Durable).expect("it recovers");
        let cut = running.wait();
        Oracle::check_run(&cut);
        let told = ["XDB0501", "XDB0801", "XDB0803"];
        assert!(cut.code == Some(0) || told.iter().any(|code| cut.stderr.contains(code)), "{cut}");
    }
    ws.run_ok(&["deploy"]);
    oracle.check();
}
