//! Chooses rows, gives them a binary and servers, and runs them one after the other.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use xtask_db_tests::chaos::{Plan, RELEASE_BINARY, ROWS, STALE_TESTS, Tier, killed_history};
use xtask_db_tests::support::{BINARY, SEED, Seed};

use super::{built, galera, peers, report};
use crate::servers;

/// The experiments beside another tool.
const PEERS: &str = "peers";
/// A cluster of three nodes, which is started for it.
pub(super) const GALERA: &str = "galera";
/// A real history.
const PRISMA: &str = "prisma";
/// The row whose cases are tests.
const STALE: &str = "18";
/// The row that measures a release where it is asked for.
const HUGE: &str = "19";
/// How often its deploy is killed.
const KILLS: u32 = 200;

/// `cargo xtask chaos`.
#[derive(Debug, clap::Args)]
pub(crate) struct Chaos {
    /// Tries far more, up to an hour.
    #[arg(long)]
    soak: bool,
    /// Only this row, by its number, or `peers`, `galera` or `prisma`; may be repeated.
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// Only cases whose name contains this.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// For `prisma`: a folder with the PostgreSQL migrations of a real project.
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,
    /// Repeats a run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Set where binary and servers are there already.
    #[arg(long, hide = true)]
    inside: bool,
}

impl Chaos {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        if self.only.iter().any(|only| only == GALERA) {
            return match self.only.len() {
                1 => galera::run(self.inside),
                _ => Err(format!("{GALERA} starts servers of its own and runs alone")),
            };
        }
        if self.inside { self.campaign() } else { self.with_servers() }
    }

    /// This task again, with the binary under test and the servers in its environment.
    fn with_servers(&self) -> Result<ExitCode, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(own);
        command.args(std::env::args_os().skip(1)).arg("--inside");
        command.env(BINARY, built::binary()?);
        let named = |row: &str| self.only.iter().any(|only| only == row);
        if self.only.is_empty() || named(STALE) {
            command.env(STALE_TESTS, built::stale_tests()?);
        }
        // Minutes of building, so not in every run.
        if named(HUGE) || (self.soak && self.only.is_empty()) {
            command.env(RELEASE_BINARY, built::release()?);
        }
        servers::around(command)
    }

    fn campaign(&self) -> Result<ExitCode, String> {
        let seed = self.seed.map_or_else(Seed::from_environment, Seed::new);
        let tier = if self.soak { Tier::Soak } else { Tier::Standard };
        let plan = Plan { tier, seed, case: self.case.as_deref() };
        let known = |only: &&String| !is_known(only);
        if let Some(unknown) = self.only.iter().find(known) {
            return Err(format!("there is no row {unknown}"));
        }
        let wanted = |name: &str| self.only.iter().any(|only| only == name);
        report::head(seed, SEED);
        let mut failed = 0;
        for row in ROWS.iter().filter(|row| self.only.is_empty() || wanted(row.number)) {
            let found = row.run(&plan);
            failed += found.failures.len();
            report::line(row, seed, &found);
        }
        if wanted(PEERS) || (self.soak && self.only.is_empty()) {
            failed += peers::run(seed, self.soak);
        }
        if let Some(history) = &self.history {
            failed += report::killed(killed_history(history, KILLS, seed));
        } else if wanted(PRISMA) {
            return Err("--history names the folder of the migrations".to_owned());
        }
        report::total(failed);
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn is_known(name: &str) -> bool {
    [PEERS, PRISMA].contains(&name) || ROWS.iter().any(|row| row.number == name)
}
