//! Where every setting comes from: flag, environment variable, package, workspace, default.
//!
//! Invariant: with an environment named, only that environment's URL counts.

mod backup;
mod cargo;
mod keys;
mod layer;
mod project;
mod url;

pub(crate) use backup::Backup;
pub(crate) use keys::KEYS;
pub(crate) use layer::Origin;
#[cfg(any(test, fuzzing))]
pub use project::fuzzed::configuration;
pub(crate) use project::{Project, SeedPolicy, Setting, choice};
pub(crate) use url::Variables;
