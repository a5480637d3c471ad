//! `cargo xtask test`: every test, on every database, with nothing skipped.

use std::process::ExitCode;

use xtask_db_tests::support::URLS_REQUIRED;

use crate::{repository, servers};

/// `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Passed on to `cargo test --workspace`, e.g. a name, or `-- --nocapture`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Test {
    pub(crate) fn run(self) -> Result<ExitCode, String> {
        let mut command = repository::cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]).args(self.arguments);
        command.env(URLS_REQUIRED, "1");
        servers::around(command)
    }
}
