//! The tool without a workspace's xtask: for `xtask-db init`, and for release containers.

fn main() -> std::process::ExitCode {
    xtask_db_cli::tool()
}
