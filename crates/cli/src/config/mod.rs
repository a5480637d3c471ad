//! The configuration: what is asked of files, variables and flags, resolved once, each value with
//! its origin.
//!
//! Invariant: the environment of the process is read, never changed.
//! Invariant: cargo is asked only when the nearest manifest does not answer by itself.

mod error;
mod key;
mod layer;
mod load;
mod project;
mod resolve;
mod setting;
mod vars;

pub(crate) use error::{At, ConfigError};
pub(crate) use key::{KEYS, Key, nearest};
pub(crate) use load::{BackupPolicy, Config, Overrides, SeedPolicy};
pub(crate) use project::Project;
pub(crate) use setting::{Origin, Setting};
pub(crate) use vars::Vars;

/// The environment that development commands work on, and the marker that frees a database.
pub(crate) const DEVELOPMENT: &str = "development";
