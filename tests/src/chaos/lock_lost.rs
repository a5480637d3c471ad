//! The lock is lost while a run works: another takes it over, and what the first writes afterwards
//! is refused.

use xtask_db_engine::Failpoint;

use super::operator::{Ways, converge};
use super::places::{history, workspace};
use super::{Case, Ending, Plan, Tier};
use crate::support::{Action, Fault, Held, Kind, Oracle, Proxy, Workspace, catalog};

/// Between them the ledger is still to be written.
const POINTS: [Failpoint; 11] = [
    Failpoint::Locked,
    Failpoint::Planned,
    Failpoint::Opened,
    Failpoint::Statement,
    Failpoint::RowWritten,
    Failpoint::Committed,
    Failpoint::Begun,
    Failpoint::Marked,
    Failpoint::Uncounted,
    Failpoint::Counted,
    Failpoint::Closing,
];
/// SQLite has a lease only here; elsewhere it is the file's own write lock, which cannot be lost.
const LEASED: [Failpoint; 4] =
    [Failpoint::Begun, Failpoint::Marked, Failpoint::Uncounted, Failpoint::Counted];
/// The next statement has not been reached there.
const BETWEEN: [Failpoint; 7] = [
    Failpoint::Locked,
    Failpoint::Planned,
    Failpoint::Committed,
    Failpoint::Begun,
    Failpoint::Uncounted,
    Failpoint::Counted,
    Failpoint::Closing,
];
const SLICE: [Failpoint; 2] = [Failpoint::Planned, Failpoint::Counted];

/// How the lock is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// The connection that holds it is cut, and another deployer does the work.
    Cut,
    /// Another owner is in the table.
    Fence,
    /// The lease has expired, and another deployer does the work.
    Expired,
}

/// Every place, every way to lose the lock.
pub(super) fn fenced(plan: &Plan<'_>) -> Vec<Case> {
    let in_slice = |point: &Failpoint| plan.tier != Tier::Slice || SLICE.contains(point);
    let of = |kind, shown: &str, loss: Loss, points: &[Failpoint]| {
        let together = |point: &&Failpoint| {
            kind != Kind::MariaDb || !matches!(point, Failpoint::Opened | Failpoint::Committed)
        };
        points
            .iter()
            .filter(|point| in_slice(point))
            .filter(together)
            // The check of the fence keeps its row locked until the transaction ends.
            .filter(|point| loss != Loss::Fence || **point != Failpoint::RowWritten)
            .map(|&point| {
                let name = format!("{shown}-{loss:?}-{}", point.name()).to_lowercase();
                Case::new(name, move |_| lost(kind, point, loss))
            })
            .collect::<Vec<Case>>()
    };
    let mut cases = of(Kind::Sqlite, "sqlite", Loss::Expired, &LEASED);
    for loss in [Loss::Cut, Loss::Fence] {
        cases.extend(of(Kind::Postgres, "postgres", loss, &POINTS));
        cases.extend(of(Kind::MariaDb, "mariadb", loss, &POINTS));
    }
    cases
}

fn lost(kind: Kind, point: Failpoint, loss: Loss) -> Ending {
    let ws = match workspace(kind) {
        Ok(ws) => ws,
        Err(skipped) => return skipped,
    };
    let oracle = history(&ws);
    let proxy = (loss == Loss::Cut).then(|| Proxy::before(ws.database().url(), Fault::None));
    let through = proxy.as_ref().map(|proxy| proxy.url(ws.database().url()));
    let variables: Vec<(&str, &str)> =
        through.iter().map(|url| ("DATABASE_URL", url.as_str())).collect();
    let mut first = Held::start(&ws, (point, 1), Action::Pause, &variables, &["deploy"]);
    assert!(first.reached(), "{}", first.wait());
    let mut stops = take_over(&ws, loss, proxy.as_ref());
    let before = catalog(ws.database());
    first.let_go();
    let run = first.wait();
    if BETWEEN.contains(&point) {
        let after = catalog(ws.database());
        assert_eq!(after, before, "it changed the schema after it had lost the lock: {run}");
    }
    assert_ne!(run.code, Some(0), "it lost the lock, and says that it deployed: {run}");
    Oracle::check_run(&run);
    if loss != Loss::Cut {
        assert!(run.stderr.contains("XDB0602"), "the lost lock is not named: {run}");
    }
    stops += converge(&ws, Ways::Settle);
    oracle.check();
    Ending::Settled(stops)
}

fn take_over(ws: &Workspace, loss: Loss, proxy: Option<&Proxy>) -> u32 {
    match loss {
        Loss::Cut => {
            if let Some(proxy) = proxy {
                proxy.cut();
            }
            converge(ws, Ways::Settle)
        }
        Loss::Fence => {
            ws.database().execute(
                "UPDATE _xtask_db_lock SET fence = fence + 1, \
                 owner = '00000000-0000-4000-8000-000000000000'",
            );
            0
        }
        Loss::Expired => {
            ws.database().execute(
                "UPDATE _xtask_db_lock SET expires_at = '2000-01-01 00:00:00.000' \
                 WHERE expires_at IS NOT NULL",
            );
            converge(ws, Ways::Settle)
        }
    }
}
