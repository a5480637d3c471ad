//! Tasks of this workspace. `cargo xtask db` is the only one so far.

fn main() -> std::process::ExitCode {
    xtask_db_cli::main()
}
