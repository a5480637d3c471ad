//! The table of this tool beside sqlx-cli.

use xtask_db_tests::chaos::{Peer, Standing, experiment};
use xtask_db_tests::support::{Kind, Seed};

use super::report::say;

const DATABASES: [(Kind, &str); 3] =
    [(Kind::Sqlite, "SQLite"), (Kind::Postgres, "PostgreSQL"), (Kind::MariaDb, "MariaDB")];
const STANDARD: (usize, usize) = (5, 20);
const SOAK: (usize, usize) = (20, 60);

/// Runs both experiments and prints them. A number of ours above zero is a failure.
pub(super) fn run(seed: Seed, soak: bool) -> usize {
    let sizes = if soak { SOAK } else { STANDARD };
    say(&format!(
        "{:<12}{:<10}{:<18}{:>6}{:>10}{:>7}{:>7}",
        "database", "tool", "experiment", "runs", "failures", "stuck", "wrong"
    ));
    let mut failed = 0;
    for (kind, shown) in DATABASES {
        for peer in Peer::ALL {
            if !peer.is_installed() {
                say(&format!("{} is not installed, left out", peer.name()));
                continue;
            }
            let Some((at_once, killed)) = experiment(kind, peer, sizes, seed) else {
                say(&format!("{shown}: no server, left out"));
                continue;
            };
            line(shown, peer, "8 at once", at_once);
            line(shown, peer, "SIGKILL, re-run", killed);
            if peer == Peer::Ours {
                failed += [at_once, killed].iter().map(Standing::bad).sum::<usize>();
            }
        }
    }
    failed
}

fn line(database: &str, peer: Peer, experiment: &str, found: Standing) {
    let Standing { runs, failures, stuck, wrong } = found;
    say(&format!(
        "{database:<12}{:<10}{experiment:<18}{runs:>6}{failures:>10}{stuck:>7}{wrong:>7}",
        peer.name()
    ));
}
