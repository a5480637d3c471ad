//! Eight deployers over the three nodes of a Galera cluster, where a lock function is a node's own:
//! exactly one applies, and nothing is applied twice.

use std::fmt::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Database, Kind, Oracle, Run, Running, Workspace, catalog};

/// How many deploy at once.
pub const DEPLOYERS: usize = 8;
/// The statement that makes a node wait until it has all that was committed before anywhere.
const CATCH_UP: &str = "SET SESSION wsrep_sync_wait = 15; ";
const BEHIND_MAX: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);
const WAIT_S: &str = "100";
const STDERR_LINES_SHOWN: usize = 8;

/// What one round did.
#[derive(Debug)]
pub struct Round {
    /// The deployers that applied something, from 0; deployer `n` was on node `n % 3`.
    pub appliers: Vec<usize>,
    /// How often the body of a migration ran more than once.
    pub doubled: usize,
    /// What did not hold.
    pub problems: Vec<String>,
    /// How long the deployers took.
    pub took: Duration,
}

/// Eight deployers start at once on an empty database, spread over the nodes.
///
/// # Panics
/// The cluster does not work.
#[must_use]
pub fn round(nodes: &[String; 3], number: usize) -> Round {
    // The node where the database is made changes too.
    let made_on = &nodes[number % nodes.len()];
    let ws = Workspace::around(Database::on_server(Kind::MariaDb, made_on, made_on.clone()));
    let seen: Vec<Database> = nodes.iter().map(|node| ws.database().through(node)).collect();
    history(&ws);
    ws.run_ok(&["lock"]);
    seen.iter().for_each(wait_for);
    let started = Instant::now();
    let running: Vec<Running> = (0..DEPLOYERS)
        .map(|deployer| {
            let mut command = ws.binary(&["deploy", "--lock-wait", WAIT_S]);
            command.env("DATABASE_URL", seen[deployer % seen.len()].url());
            ws.running(command)
        })
        .collect();
    let runs: Vec<Run> = running.into_iter().map(Running::wait).collect();
    let took = started.elapsed();
    let appliers = (0..).zip(&runs).filter(|(_, run)| applied(run)).map(|(at, _)| at).collect();
    let mut round = Round { appliers, doubled: 0, problems: Vec::new(), took };
    round.judge_runs(&runs);
    for node in &seen {
        round.judge_node(&ws, node);
    }
    round.judge_catalogs(&ws, &seen);
    round
}

/// A node may be a moment behind the one on which the database was made.
fn wait_for(node: &Database) {
    let started = Instant::now();
    while let Some(refusal) = node.refusal("SELECT 1") {
        assert!(started.elapsed() < BEHIND_MAX, "{refusal}");
        sleep(POLL);
    }
}

/// Tables, rows and changes of both, each body with its trace.
fn history(ws: &Workspace) {
    let oracle = Oracle::new(ws);
    oracle.migration(
        "20260101000000_users",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);\n\
         INSERT INTO users VALUES (1, 'a'), (2, 'b');",
    );
    oracle.migration("20260102000000_age", "ALTER TABLE users ADD COLUMN age INTEGER;");
    oracle.migration("20260103000000_ages", "UPDATE users SET age = COALESCE(age, 0) + 1;");
    oracle.migration(
        "20260104000000_posts",
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL,\n\
         FOREIGN KEY (author) REFERENCES users (id));\n\
         CREATE INDEX users_name ON users (name);",
    );
    oracle.migration("20260105000000_drop", "ALTER TABLE users DROP COLUMN age;");
}

fn applied(run: &Run) -> bool {
    run.stdout.lines().any(|line| line.starts_with("applied "))
}

impl Round {
    fn judge_runs(&mut self, runs: &[Run]) {
        for (deployer, run) in runs.iter().enumerate().filter(|(_, run)| run.code != Some(0)) {
            let mut said = format!("deployer {deployer} ended with {:?}", run.code);
            for line in run.stderr.lines().take(STDERR_LINES_SHOWN) {
                let _ = write!(said, "\n  {line}");
            }
            self.problems.push(said);
        }
        if self.appliers.len() != 1 {
            self.problems.push(format!("{} deployers applied something", self.appliers.len()));
        }
    }

    /// What a node has once it has caught up.
    fn judge_node(&mut self, ws: &Workspace, node: &Database) {
        let ids = ws.ids();
        let mut traces = node.column(&format!("{CATCH_UP}SELECT id FROM trace"));
        traces.sort();
        if traces != ids {
            self.problems.push(format!("bodies that ran: {traces:?}"));
        }
        traces.dedup_by(|second, first| {
            let same = second == first;
            self.doubled += usize::from(same);
            same
        });
        let ledger = "SELECT migration_name FROM _xtask_db_migrations \
                      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL";
        let mut rows = node.column(&format!("{CATCH_UP}{ledger}"));
        rows.sort();
        if rows != ids {
            self.problems.push(format!("ledger rows that are applied: {rows:?}"));
        }
        let unfinished = "SELECT migration_name FROM _xtask_db_migrations \
                          WHERE finished_at IS NULL OR rolled_back_at IS NOT NULL";
        let unfinished = node.column(&format!("{CATCH_UP}{unfinished}"));
        if !unfinished.is_empty() {
            self.problems.push(format!("ledger rows of other attempts: {unfinished:?}"));
        }
    }

    /// All nodes have the catalog of a clean replay.
    fn judge_catalogs(&mut self, ws: &Workspace, seen: &[Database]) {
        let server = ws.database().server_url();
        let clean = Database::on_server(Kind::MariaDb, &server, server.clone());
        for id in ws.ids() {
            clean.execute(&ws.read(&format!("migrations/{id}/migration.sql")));
        }
        let expected = catalog(&clean);
        for (number, node) in (1..).zip(seen) {
            if catalog(node) != expected {
                self.problems
                    .push(format!("node {number} has another catalog than a clean replay"));
            }
        }
    }
}
