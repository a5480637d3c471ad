//! The deploy lock after a failure, and a wait for it that ends in time.

use std::time::Duration;

use rustix::process::Signal;
use xtask_db_engine::Failpoint;

use super::places::{KINDS, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Action, Held, Kind, Oracle};

/// How long past its deadline a waiter may end. Measured from the start of the process.
const LATE_MAX: Duration = Duration::from_secs(1);
const FAILURES: u32 = 50;
const BROKEN: &str = "20260102000000_broken";

/// A migration fails again and again; the lock is free each time.
pub(super) fn kept(plan: &Plan<'_>) -> Vec<Case> {
    let failures = plan.of(5, FAILURES, 4 * FAILURES);
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

/// A holder that never ends: the waiter gives up at its deadline and names it.
pub(super) fn bounded(plan: &Plan<'_>) -> Vec<Case> {
    let waits: &[u64] = plan.of(&[1][..], &[0, 1, 2], &[0, 1, 2, 3, 5, 8]);
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
                cases.push(Case::new(name, move |_| waiter(kind, point, wait)).alone());
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
    let wait = wait_s.to_string();
    let run = ws.run(&["deploy", "--lock-wait", &wait]).refused(7, "XDB0601");
    let deadline = Duration::from_secs(wait_s);
    assert!(run.took >= deadline, "it gave up before its time: {run}");
    assert!(run.took < deadline + LATE_MAX, "it gave up after its time: {run}");
    let named = format!("{}", holder.pid());
    assert!(run.stderr.contains(&named), "the holder's process {named} is not named: {run}");
    holder.signal(Signal::KILL);
    let _ = holder.wait();
    let stops = super::operator::converge(&ws, super::operator::Ways::Settle);
    oracle.check();
    Ending::Settled(stops)
}
