//! The command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::command;

/// Flags that every command has.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Global {
    /// The package whose database is meant, in a workspace with several
    #[arg(long = "package", short = 'p', id = "db-package", global = true, value_name = "PACKAGE")]
    pub(crate) package: Option<String>,
    /// The environment: its URL and rules; also XTASK_DB_ENV
    #[arg(long = "env", short = 'e', id = "db-env", global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// The database; also XTASK_DB_URL
    #[arg(long = "url", id = "db-url", global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// The migrations folder; also XTASK_DB_MIGRATIONS
    #[arg(long = "migrations", id = "db-migrations", global = true, value_name = "DIR")]
    pub(crate) migrations: Option<PathBuf>,
    /// A configuration file in place of Cargo.toml; also XTASK_DB_CONFIG
    #[arg(long = "config", id = "db-config", global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON object on stdout, and nothing else there
    #[arg(long = "json", id = "db-json", global = true)]
    pub(crate) json: bool,
    /// Print no progress
    #[arg(long = "quiet", short = 'q', id = "db-quiet", global = true)]
    pub(crate) quiet: bool,
}

/// The commands, in the order of a schema's life.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = false)]
pub(crate) enum Command {
    Init(command::init::Init),
    Adopt(command::adopt::Adopt),
    New(command::new::New),
    Migrate(command::migrate::Migrate),
    Deploy(command::deploy::Deploy),
    Status(command::status::Status),
    Check(command::check::Check),
    #[cfg(feature = "lint")]
    Lint(command::lint::Lint),
    #[cfg(feature = "lint")]
    Stats(command::stats::Stats),
    Down(command::down::Down),
    Redo(command::redo::Redo),
    Rebase(command::rebase::Rebase),
    Reset(command::reset::Reset),
    Resolve(command::resolve::Resolve),
    Lock(command::lock::Lock),
    Repair(command::repair::Repair),
    Env(command::env::Env),
    Create(command::create::Create),
    Drop(command::drop::Drop),
    Wait(command::wait::Wait),
    Diff(command::diff::Diff),
    Push(command::push::Push),
    Pull(command::pull::Pull),
    Generate(command::generate::Generate),
    Seed(command::seed::Seed),
    Backfill(command::backfill::Backfill),
    Backup(command::backup::Backup),
    Backups(command::backups::Backups),
    Restore(command::restore::Restore),
    Rehearse(command::rehearse::Rehearse),
    Script(command::script::Script),
    Show(command::show::Show),
    Config(command::config::Config),
    Completions(command::completions::Completions),
}
