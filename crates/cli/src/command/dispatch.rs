//! From the command line to the command.

use super::{
    adopt, backfill, backup, backups, check, completions, config, create, deploy, diff, down, drop,
    env, generate, init, lock, migrate, new, pull, push, rebase, redo, rehearse, repair, reset,
    resolve, restore, script, seed, show, status, wait,
};
use crate::args::Command;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// Runs a command.
pub(crate) async fn dispatch(command: Command, context: &Context) -> Result<Reply, Fault> {
    match command {
        Command::Init(args) => init::run(&args, context),
        Command::Adopt(args) => adopt::run(args, context).await,
        Command::New(args) => new::command(args, context).await,
        Command::Migrate(args) => migrate::run(args, context).await,
        Command::Deploy(args) => deploy::run(args, context).await,
        Command::Status(args) => status::run(args, context).await,
        Command::Check(args) => check::run(args, context).await,
        #[cfg(feature = "lint")]
        Command::Lint(args) => super::lint::run(&args, context).await,
        #[cfg(feature = "lint")]
        Command::Stats(args) => super::stats::run(args, context).await,
        Command::Down(args) => down::run(args, context).await,
        Command::Redo(args) => redo::run(args, context).await,
        Command::Rebase(args) => rebase::run(args, context).await,
        Command::Reset(args) => reset::run(args, context).await,
        Command::Resolve(args) => resolve::run(args, context).await,
        Command::Lock(args) => lock::run(args, context).await,
        Command::Repair(args) => repair::run(&args, context),
        Command::Env(args) => env::run(args, context).await,
        Command::Create(args) => create::run(args, context).await,
        Command::Drop(args) => drop::run(args, context).await,
        Command::Wait(args) => wait::run(args, context).await,
        Command::Diff(args) => diff::run(args, context).await,
        Command::Push(args) => push::run(args, context).await,
        Command::Pull(args) => pull::run(args, context).await,
        Command::Generate(args) => generate::run(args, context).await,
        Command::Seed(args) => seed::run(args, context).await,
        Command::Backfill(args) => backfill::run(args, context).await,
        Command::Backup(args) => backup::run(args, context).await,
        Command::Backups(args) => backups::run(&args, context),
        Command::Restore(args) => restore::run(args, context).await,
        Command::Rehearse(args) => rehearse::run(args, context).await,
        Command::Script(args) => script::run(args, context).await,
        Command::Show(args) => show::run(&args, context),
        Command::Config(args) => config::run(&args, context),
        Command::Completions(args) => Ok(completions::run(&args)),
    }
}
