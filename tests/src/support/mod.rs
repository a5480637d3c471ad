//! Fixtures: a database and a workspace per test, runs of the binary, and the oracle.

mod catalog;
mod client;
mod database;
mod each;
mod held;
mod normalise;
mod oracle;
mod proxy;
mod real;
mod run;
mod seed;
mod terminal;
mod workspace;

pub use catalog::catalog;
pub use database::{Database, Kind};
pub use each::{URLS_REQUIRED, skip};
pub use held::{Action, Held};
pub use oracle::Oracle;
pub use proxy::{
    Fault, Proxy, Sender, mysql_error, mysql_row, postgres_error, postgres_row, postgres_value,
};
pub use real::{case, copy_history, dump};
pub use run::{Run, Running, documented_exit_codes};
pub use seed::{Random, SEED, Seed};
pub use terminal::{Key, Terminal};
pub use workspace::{BINARY, Workspace, binary_path};
