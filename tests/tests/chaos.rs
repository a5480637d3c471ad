//! A slice of every campaign; `cargo xtask chaos` runs them whole.

use xtask_db_tests::chaos::{Plan, ROWS, Tier};
use xtask_db_tests::support::{SEED, Seed, skip};

#[test]
fn a_slice_of_every_row() {
    let seed = Seed::from_environment();
    let plan = Plan { tier: Tier::Slice, seed, case: None };
    let mut failed = Vec::new();
    for row in ROWS {
        let report = row.run(&plan);
        let servers = report.skipped.iter().filter(|why| why.contains("server"));
        servers.for_each(|why| skip(why));
        for failure in report.failures {
            let (number, case, why) = (row.number, failure.case, failure.why);
            failed.push(format!("row {number}, case {case}:\n{why}\n"));
        }
    }
    assert!(failed.is_empty(), "{SEED}={}\n{}", seed.value(), failed.join("\n"));
}
