//! `completions`: a script for the shell.

use clap::Args;
use clap_complete::Shell;
use serde_json::json;

use crate::output::Reply;

/// Print a completion script for a shell
///
/// The script completes `xtask db …`, the name of the binary itself; a shell does not complete
/// behind `cargo xtask`, which is an alias of cargo's. For bash:
/// `cargo xtask db completions bash > ~/.local/share/bash-completion/completions/xtask`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &Completions) -> Reply {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut crate::program::command(), "xtask", &mut bytes);
    let script = String::from_utf8_lossy(&bytes).trim_end().to_owned();
    let json = json!({ "shell": args.shell.to_string(), "script": script });
    Reply::new(script, json)
}
