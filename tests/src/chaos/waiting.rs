//! The deploy lock after a failure, and a wait for it that ends in time.

use std::time::Duration;

use rustix::process::Signal;
use xtask_db_engine::Failpoint;

use super::places::{KINDS, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Action, Held, Kind, Oracle};

/// How long past its deadline a waiter may end. Measured from the start of the process.
const LATE_MAX: Duration = Duration::from_secs(1);
/// How long a holder counts as alive after its last sign of life.
const ALIVE: Duration = Duration::from_secs(15);
const FAILURES: u32 = 50;
const BROKEN: &str = "20260102000000_broken";

/// A migration fails again and again; the lock is free each time.
pub(super) fn kept(plan: &Plan<'_>) -> Vec<Case> {
    let failures = plan.of(5, FAILURES / 2, 2 * FAILURES);
    let case = |(kind, shown): (Kind, &str)| {
        Case::new(shown, move |_| {
            let ws = match workspace(kind) {
                Ok(ws) => ws,
                Err(skipped) => return skipped,
            };
            let oracle = Oracle::new(&ws);
            ws.run_ok(&["lock"]);
            ws.run_ok(&["deploy"]);
            oracle.migration(BROKEN, "INSERT INTO absent (id) VALUES (1);");
            ws.run_ok(&["lock"]);
            for _ in 0..failures {
                let run = ws.run(&["deploy", "--retry", "--lock-wait", "1"]);
                assert_eq!(run.code, Some(6), "{run}");
                Oracle::check_run(&run);
            }
            ws.database().execute("CREATE TABLE absent (id INTEGER PRIMARY KEY)");
            let run = ws.run(&["deploy", "--retry", "--lock-wait", "1"]).ok();
            assert!(run.took < LATE_MAX, "the next run starts at once: {run}");
            assert_eq!(ws.database().value("SELECT COUNT(*) FROM absent"), "1");
            assert_eq!(ws.database().value("SELECT COUNT(*) FROM trace"), "2");
            ws.run_ok(&["status"]);
            Ending::Passed
        })
        .alone()
    };
    KINDS.into_iter().map(case).collect()
}

/// A holder that gives no sign of life: the waiter gives up at its deadline and names it. Where the
/// lock is a lease, it has expired by then and is taken over.
pub(super) fn bounded(plan: &Plan<'_>) -> Vec<Case> {
    let waits: &[u64] = plan.of(&[0][..], &[0, 1], &[0, 1, 2, 3, 5, 8]);
    let mut cases = Vec::new();
    for (kind, shown) in KINDS {
        // SQLite: the lease of a file that is run statement by statement, else the write lock.
        let points: &[Failpoint] = match kind {
            Kind::Sqlite => &[Failpoint::Begun, Failpoint::Opened],
            _ => &[Failpoint::Locked, Failpoint::Begun],
        };
        for &point in points {
            for &wait in waits {
                let name = format!("{shown}-{}-{wait}s", point.name());
                cases.push(Case::new(name, move |_| waiter(kind, point, wait)));
            }
        }
    }
    cases
}

fn waiter(kind: Kind, point: Failpoint, wait_s: u64) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = super::places::history(&ws);
    let mut holder = Held::start(&ws, (point, 1), Action::Hold, &[], &["deploy"]);
    assert!(holder.reached(), "{}", holder.wait());
    // Stopped, not ended: a session keeps its lock, and nothing renews a sign of life.
    holder.signal(Signal::STOP);
    let wait = wait_s.to_string();
    let run = ws.run(&["deploy", "--lock-wait", &wait]);
    let (deadline, leased) = (Duration::from_secs(wait_s), point == Failpoint::Begun);
    let alive = if wait_s > 0 { ALIVE } else { Duration::ZERO };
    assert!(run.took < alive + deadline + LATE_MAX, "it ended after its time: {run}");
    if kind != Kind::Sqlite || !leased || wait_s == 0 {
        let run = run.refused(7, "XDB0601");
        assert!(run.took >= deadline, "it gave up before its time: {run}");
        let named = format!("pid {}", holder.pid());
        assert!(run.stderr.contains(&named), "the holder, {named}, is not named: {run}");
    }
    holder.signal(Signal::KILL);
    let _ = holder.wait();
    if kind == Kind::Sqlite {
        // That a lease expires by itself is tried where runs are killed.
        ws.database().execute("UPDATE _xtask_db_lock SET expires_at = NULL");
    }
    let stops = super::operator::converge(&ws, super::operator::Ways::Settle);
    oracle.check();
    Ending::Settled(stops)
}
