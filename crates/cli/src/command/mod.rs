//! One file per command: its arguments, whose doc comments are the help text, then what it does.

pub(crate) mod create;
pub(crate) mod deploy;
pub(crate) mod drop;
pub(crate) mod env;
pub(crate) mod script;
pub(crate) mod status;
pub(crate) mod wait;

use crate::args::Command;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// Runs a command.
pub(crate) async fn dispatch(command: Command, context: &Context) -> Result<Reply, Fault> {
    match command {
        Command::Deploy(args) => deploy::run(args, context).await,
        Command::Status(args) => status::run(args, context).await,
        Command::Script(args) => script::run(args, context).await,
        Command::Env(args) => env::run(args, context).await,
        Command::Wait(args) => wait::run(args, context).await,
        Command::Drop(args) => drop::run(args, context).await,
        Command::Create(args) => create::run(args, context).await,
    }
}
