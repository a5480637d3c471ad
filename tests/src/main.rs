//! The binary under test: the commands as a release container runs them.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask_db_cli::main()
}
