//! `cargo xtask galera`: eight deployers over a Galera cluster of three nodes, round after round.

use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::Instant;

use xtask_db_tests::chaos::galera::{DEPLOYERS, round};
use xtask_db_tests::servers::{GALERA_URLS, Galera as Cluster};

use crate::repository;
use crate::stop::Stop;

const UNDER_TEST: &str = "xtask-under-test";
/// Names the binary under test.
const BINARY: &str = "XDB_TEST_BINARY";

/// `cargo xtask galera`.
#[derive(Debug, clap::Args)]
pub(crate) struct Galera {
    /// How many rounds.
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Set where binary and cluster are there already.
    #[arg(long, hide = true)]
    inside: bool,
}

impl Galera {
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        if self.inside { self.campaign() } else { self.with_cluster() }
    }

    /// This task again, with the binary under test and the cluster in its environment.
    fn with_cluster(&self) -> Result<ExitCode, String> {
        let stop = Stop::listen()?;
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(own);
        command.args(["galera", "--inside", "--rounds", &self.rounds.to_string()]);
        if std::env::var_os(BINARY).is_none() {
            command.env(BINARY, binary()?);
        }
        let mut cluster = None;
        if std::env::var_os(GALERA_URLS).is_none() {
            let started = Instant::now();
            let running = Cluster::start(&repository::target()).map_err(|e| e.to_string())?;
            say(&format!("3 nodes are up after {:.1} s", started.elapsed().as_secs_f32()));
            command.env(GALERA_URLS, running.urls().join(" "));
            cluster = Some(running);
        }
        let done = stop.run(command);
        drop(cluster);
        done
    }

    fn campaign(&self) -> Result<ExitCode, String> {
        let urls = std::env::var(GALERA_URLS).map_err(|_| format!("{GALERA_URLS} is not set"))?;
        let nodes: Vec<String> = urls.split_whitespace().map(str::to_owned).collect();
        let nodes: [String; 3] =
            nodes.try_into().map_err(|_| format!("{GALERA_URLS} does not name three nodes"))?;
        let (mut failed, mut several, mut doubled) = (0, 0, 0);
        for number in 1..=self.rounds {
            let round = round(&nodes, number);
            let (appliers, seconds) = (&round.appliers, round.took.as_secs_f32());
            say(&format!(
                "round {number}: {DEPLOYERS} deployers, appliers {appliers:?}, {seconds:.1} s"
            ));
            round.problems.iter().for_each(|problem| say(&format!("  {problem}")));
            failed += usize::from(!round.problems.is_empty());
            several += usize::from(appliers.len() > 1);
            doubled += usize::from(round.doubled > 0);
        }
        say(&format!(
            "{} rounds, {failed} failed: {several} with several appliers, {doubled} with a body that ran twice",
            self.rounds
        ));
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Builds the binary under test and says where it is.
fn binary() -> Result<std::path::PathBuf, String> {
    let mut command = repository::cargo();
    command.args(["build", "--quiet", "--package", "xtask-db-tests", "--bin", UNDER_TEST]);
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if !status.success() {
        return Err("the binary under test does not build".to_owned());
    }
    Ok(repository::target().join("debug").join(UNDER_TEST))
}
