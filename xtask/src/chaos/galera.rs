//! `cargo xtask chaos --only galera`: eight deployers over a cluster of three nodes, in rounds.

use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::Instant;

use xtask_db_tests::chaos::galera::{DEPLOYERS, round};
use xtask_db_tests::servers::{GALERA_URLS, Galera as Cluster};
use xtask_db_tests::support::BINARY;

use super::built::binary;
use crate::repository;
use crate::stop::Stop;

/// How many rounds.
const ROUNDS: usize = 20;

/// The campaign; `inside` when binary and cluster are there already.
pub(super) fn run(inside: bool) -> Result<ExitCode, String> {
    if inside { campaign() } else { with_cluster() }
}

/// This task again, with the binary under test and the cluster in its environment.
fn with_cluster() -> Result<ExitCode, String> {
    let stop = Stop::listen()?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(own);
    command.args(["chaos", "--only", super::run::GALERA, "--inside"]);
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

fn campaign() -> Result<ExitCode, String> {
    let urls = std::env::var(GALERA_URLS).map_err(|_| format!("{GALERA_URLS} is not set"))?;
    let nodes: Vec<String> = urls.split_whitespace().map(str::to_owned).collect();
    let nodes: [String; 3] =
        nodes.try_into().map_err(|_| format!("{GALERA_URLS} does not name three nodes"))?;
    let (mut failed, mut several, mut doubled) = (0, 0, 0);
    for number in 1..=ROUNDS {
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
        "{ROUNDS} rounds, {failed} failed: {several} with several appliers, {doubled} with a body \
         that ran twice"
    ));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}
