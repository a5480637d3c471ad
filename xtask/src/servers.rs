//! `cargo xtask servers COMMAND`: the servers of the tests around any command.

use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::Instant;

use xtask_db_tests::servers::{Fleet, Syncing};

use crate::repository;
use crate::stop::Stop;

/// `cargo xtask servers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Servers {
    /// The command and its arguments, e.g. `cargo test -p xtask-db-engine`.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

impl Servers {
    pub(crate) fn run(self) -> Result<ExitCode, String> {
        let [program, arguments @ ..] = self.command.as_slice() else {
            return Err("no command".to_owned());
        };
        let mut command = Command::new(program);
        command.args(arguments);
        repository::forget_this_package(&mut command);
        around(command)
    }
}

/// Runs a command with servers; they are stopped when it ends, whatever it did.
pub(crate) fn around(mut command: Command) -> Result<ExitCode, String> {
    let stop = Stop::listen()?;
    let started = Instant::now();
    let named = |variable: &str| std::env::var(variable).ok().filter(|url| !url.is_empty());
    let fleet = Fleet::start(&repository::target(), Syncing::Off, named)
        .map_err(|error| error.to_string())?;
    let names: Vec<&str> = fleet.variables().iter().map(|(name, _)| *name).collect();
    let seconds = started.elapsed().as_secs_f32();
    drop(writeln!(std::io::stderr(), "servers are up after {seconds:.1} s: {}", names.join(", ")));
    command.envs(fleet.variables().iter().map(|(name, url)| (*name, url.as_str())));
    let done = stop.run(command);
    drop(fleet);
    done
}
