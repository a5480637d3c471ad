//! Fixtures: a database and a workspace per test, runs of the binary, and the oracle.

mod catalog;
mod client;
mod database;
mod each;
mod normalise;
mod oracle;
mod run;
mod workspace;

pub use catalog::catalog;
pub use database::{Database, Kind};
pub use each::{URLS_REQUIRED, skip};
pub use oracle::Oracle;
pub use run::{Run, Running, documented_exit_codes};
pub use workspace::{Workspace, binary_path};
