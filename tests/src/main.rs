//! The binary under test: an `xtask` whose only task is `db`, as `init` writes it.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask_db_cli::main()
}
