//! Tasks of this workspace: `cargo xtask db <command>`.

fn main() -> std::process::ExitCode {
    xtask_db_cli::main()
}
