//! Several deployers at once: every one ends well, and one applies.

use super::places::{KINDS, history, workspace};
use super::{Case, Ending, Plan};
use crate::support::{Kind, Oracle, Run, Running, Workspace};

const DEPLOYERS: usize = 8;
const BUILDERS: usize = 4;
const WAIT_S: &str = "100";

fn deploy_at_once(ws: &Workspace, number: usize) -> Vec<Run> {
    let running: Vec<Running> =
        (0..number).map(|_| ws.start(&["deploy", "--lock-wait", WAIT_S])).collect();
    running.into_iter().map(|run| run.wait().ok()).collect()
}

/// Each ledger row was written once.
#[track_caller]
fn one_row_each(ws: &Workspace) {
    let rows = ws.database().value("SELECT COUNT(*) FROM _xtask_db_migrations");
    assert_eq!(rows, ws.ids().len().to_string(), "one row per migration");
}

/// Eight deployers on each database: all exit 0, exactly one applies.
pub(super) fn deployers(plan: &Plan<'_>) -> Vec<Case> {
    let rounds = plan.of(1, 10, 60);
    let mut cases = Vec::new();
    for (kind, shown) in KINDS {
        for round in 1..=rounds {
            cases.push(Case::new(format!("{shown}-{round}"), move |_| {
                let ws = match workspace(kind) {
                    Ok(ws) => ws,
                    Err(skipped) => return skipped,
                };
                let oracle = history(&ws);
                let _ = deploy_at_once(&ws, DEPLOYERS);
                one_row_each(&ws);
                oracle.check();
                Ending::Passed
            }));
        }
    }
    cases
}

/// An index built CONCURRENTLY while others wait for the lock.
pub(super) fn concurrent_index(plan: &Plan<'_>) -> Vec<Case> {
    let body = || {
        let ws = match workspace(Kind::Postgres) {
            Ok(ws) => ws,
            Err(skipped) => return skipped,
        };
        let oracle = Oracle::new(&ws);
        oracle.migration(
            "20260101000000_a",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);\n\
             INSERT INTO a SELECT n, n::text FROM generate_series(1, 20000) AS n;",
        );
        for (number, column) in [(2, "name"), (3, "id, name")] {
            let id = format!("2026010{number}000000_i");
            ws.migration(
                &id,
                &format!(
                    "CREATE INDEX CONCURRENTLY a_{number} ON a ({column});\n\
                     INSERT INTO trace (id) VALUES ('{id}');\n"
                ),
            );
        }
        ws.run_ok(&["lock"]);
        let _ = deploy_at_once(&ws, BUILDERS);
        one_row_each(&ws);
        oracle.check();
        Ending::Passed
    };
    (1..=plan.of(2, 10, 60)).map(|round| Case::new(format!("{round}"), move |_| body())).collect()
}

/// PgBouncer in transaction mode: one deployer after the other, and four at once.
pub(super) fn pooler(plan: &Plan<'_>) -> Vec<Case> {
    let sequential = plan.of(5, 40, 200);
    let one_by_one = Case::new("sequential", move |_| {
        let ws = match workspace(Kind::PgBouncer) {
            Ok(ws) => ws,
            Err(skipped) => return skipped,
        };
        let oracle = Oracle::new(&ws);
        for number in 0..sequential {
            let id = format!("{}_t{number}", 20_260_101_000_000_u64 + number);
            oracle.migration(&id, &format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY);"));
            ws.run_ok(&["lock"]);
            ws.run_ok(&["deploy"]);
        }
        one_row_each(&ws);
        oracle.check();
        Ending::Passed
    });
    let at_once = |_: &mut crate::support::Random| {
        let ws = match workspace(Kind::PgBouncer) {
            Ok(ws) => ws,
            Err(skipped) => return skipped,
        };
        let oracle = history(&ws);
        let _ = deploy_at_once(&ws, BUILDERS);
        one_row_each(&ws);
        oracle.check();
        Ending::Passed
    };
    let rounds = (1..=plan.of(2, 10, 60)).map(|n| Case::new(format!("at-once-{n}"), at_once));
    std::iter::once(one_by_one).chain(rounds).collect()
}
