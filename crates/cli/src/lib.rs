//! The commands of xtask-db: `cargo xtask db <command>`.
//!
//! [`main`] is a whole program; [`Db`] is a subcommand for an `xtask` that has others;
//! [`embedded`] gives an application the commands that a release job needs.

mod adopt;
mod against;
mod args;
mod codes;
mod command;
mod config;
mod confirm;
mod context;
mod draft;
pub mod exit;
mod fault;
mod git;
mod init;
mod output;
mod own;
mod place;
mod program;
mod progress;
mod protect;
mod runtime;
mod snippet;

pub use codes::{CODES, Code};
pub use program::{Db, command, main};
