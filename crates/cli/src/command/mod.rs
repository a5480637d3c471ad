//! One file per command: its arguments, whose doc comments are the help text, then what it does.

pub(crate) mod adopt;
pub(crate) mod backfill;
pub(crate) mod backup;
pub(crate) mod backups;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod create;
pub(crate) mod deploy;
pub(crate) mod diff;
mod dispatch;
pub(crate) mod down;
pub(crate) mod drop;
pub(crate) mod env;
pub(crate) mod generate;
pub(crate) mod init;
#[cfg(feature = "lint")]
pub(crate) mod lint;
pub(crate) mod lock;
pub(crate) mod migrate;
pub(crate) mod new;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod rebase;
pub(crate) mod redo;
pub(crate) mod rehearse;
pub(crate) mod repair;
pub(crate) mod reset;
pub(crate) mod resolve;
pub(crate) mod restore;
pub(crate) mod script;
pub(crate) mod seed;
pub(crate) mod show;
#[cfg(feature = "lint")]
pub(crate) mod stats;
pub(crate) mod status;
pub(crate) mod wait;

pub(crate) use dispatch::dispatch;
