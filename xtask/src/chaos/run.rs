//! Chooses rows, gives them a binary and servers, and runs them one after the other.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use xtask_db_tests::chaos::{Plan, ROWS, Tier};
use xtask_db_tests::support::{BINARY, SEED, Seed};

use super::report;
use crate::{repository, servers};

/// `cargo xtask chaos`.
#[derive(Debug, clap::Args)]
pub(crate) struct Chaos {
    /// Tries far more, up to an hour.
    #[arg(long)]
    soak: bool,
    /// Only this row, by its number; may be repeated.
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// Only cases whose name contains this.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// Repeats a run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Set where binary and servers are there already.
    #[arg(long, hide = true)]
    inside: bool,
}

impl Chaos {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        if self.inside { self.campaign() } else { self.with_servers() }
    }

    /// This task again, with the binary under test and the servers in its environment.
    fn with_servers(&self) -> Result<ExitCode, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(own);
        command.args(std::env::args_os().skip(1)).arg("--inside");
        command.env(BINARY, binary()?);
        servers::around(command)
    }

    fn campaign(&self) -> Result<ExitCode, String> {
        let seed = self.seed.map_or_else(Seed::from_environment, Seed::new);
        let tier = if self.soak { Tier::Soak } else { Tier::Standard };
        let plan = Plan { tier, seed, case: self.case.as_deref() };
        let wanted = |number: &str| self.only.is_empty() || self.only.iter().any(|o| o == number);
        let known = |only: &&String| !ROWS.iter().any(|row| row.number == only.as_str());
        if let Some(unknown) = self.only.iter().find(known) {
            return Err(format!("there is no row {unknown}"));
        }
        report::head(seed, SEED);
        let mut failed = 0;
        for row in ROWS.iter().filter(|row| wanted(row.number)) {
            let found = row.run(&plan);
            failed += found.failures.len();
            report::line(row, seed, &found);
        }
        report::total(failed);
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Builds the binary under test, with its failpoints, and says where it is.
fn binary() -> Result<PathBuf, String> {
    let name = "xtask-under-test";
    let mut command = repository::cargo();
    command.args(["build", "--quiet", "--package", "xtask-db-tests", "--bin", name]);
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if !status.success() {
        return Err("the binary under test does not build".to_owned());
    }
    Ok(repository::target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
