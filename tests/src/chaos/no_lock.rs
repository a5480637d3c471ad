//! Servers whose lock functions cannot be trusted, made up by a proxy: the lock is a lease, and one
//! deployer applies.

use super::places::{history, workspace};
use super::{Case, Ending, Plan};
use crate::support::{
    Fault, Kind, Proxy, Running, mysql_error, mysql_row, postgres_error, postgres_row,
    postgres_value,
};

const DEPLOYERS: usize = 8;
/// Longer than eight runs, each of which may find a lease that has to expire.
const WAIT_S: &str = "100";
const TOLD: &str = "the deploy lock is a lease";

/// A made up answer: name, database, the question, the bytes.
type Fake = (&'static str, Kind, &'static str, fn() -> Vec<u8>);

const FAKES: [Fake; 6] = [
    // Its lock functions say yes to everybody.
    ("postgres-cockroach", Kind::Postgres, "SELECT version()", || {
        let version = "CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu)";
        postgres_row(&[Some(version), Some("x"), Some("1"), Some("13.0.0"), None, None])
    }),
    ("postgres-null", Kind::Postgres, "pg_try_advisory_lock(", || postgres_value(None)),
    ("postgres-missing", Kind::Postgres, "pg_try_advisory_lock(", || postgres_error("42883")),
    ("mariadb-null", Kind::MariaDb, "GET_LOCK(", || mysql_row(&[None])),
    ("mariadb-missing", Kind::MariaDb, "GET_LOCK(", || mysql_error(1305)),
    ("mariadb-cluster", Kind::MariaDb, "LIKE 'wsrep_on'", || {
        mysql_row(&[Some("wsrep_on"), Some("ON")])
    }),
];

/// Each made up answer, with eight deployers.
pub(super) fn leases(plan: &Plan<'_>) -> Vec<Case> {
    let rounds = plan.of(1, 3, 20);
    let of = |fake: Fake| {
        (1..=rounds).map(move |n| Case::new(format!("{}-{n}", fake.0), move |_| leased(fake)))
    };
    FAKES.into_iter().flat_map(of).collect()
}

fn leased((name, kind, to, answer): Fake) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = history(&ws);
    let proxy = Proxy::before(ws.database().url(), Fault::Answer { to, with: answer() });
    let url = proxy.url(ws.database().url());
    let start = || {
        let mut command = ws.binary(&["deploy", "--lock-wait", WAIT_S]);
        command.env("DATABASE_URL", &url);
        ws.running(command)
    };
    let running: Vec<Running> = (0..DEPLOYERS).map(|_| start()).collect();
    let told = running.into_iter().map(|run| run.wait().ok());
    let told = told.filter(|run| run.stderr.contains(TOLD)).count();
    assert!(proxy.has_happened() && told > 0, "{name}: nobody says that the lock is a lease");
    drop(proxy);
    let rows = ws.database().value("SELECT COUNT(*) FROM _xtask_db_migrations");
    assert_eq!(rows, ws.ids().len().to_string(), "one row per migration");
    oracle.check();
    Ending::Passed
}
