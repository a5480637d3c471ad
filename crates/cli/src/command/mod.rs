//! One file per command: its arguments, whose doc comments are the help text, then what it does.

pub(crate) mod deploy;
pub(crate) mod status;

use crate::args::Command;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// Runs a command.
pub(crate) async fn dispatch(command: Command, context: &Context) -> Result<Reply, Fault> {
    match command {
        Command::Deploy(args) => deploy::run(args, context).await,
        Command::Status(args) => status::run(args, context).await,
    }
}
