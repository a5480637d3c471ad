//! The commands of xtask-db: `cargo xtask db <command>`.
//!
//! [`main`] is a whole program; [`Db`] is a subcommand for an `xtask` that has others;
//! [`embedded`] gives an application the commands that a release job needs.

mod adopt;
mod against;
mod args;
mod backfilling;
mod backup;
mod branch;
mod codes;
mod command;
mod config;
mod confirm;
mod context;
mod counted;
mod development;
mod draft;
mod drifted;
mod embedded;
pub mod exit;
mod external;
mod fault;
mod fetch;
mod generators;
mod git;
mod init;
#[cfg(feature = "lint")]
mod lint;
mod missing;
mod moves;
mod new_lock;
mod order;
mod out_of_order;
mod output;
mod own;
mod place;
mod program;
mod progress;
mod protect;
mod publish;
mod redone;
mod reverting;
mod runtime;
mod schema;
mod seeds;
mod settings;
mod shadow;
mod snippet;
mod texts;
mod types;

pub use codes::{CODES, Code};
#[cfg(any(test, fuzzing))]
pub use config::configuration;
pub use embedded::embedded;
pub use program::{Db, command, main, tool};
