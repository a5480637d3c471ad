//! Campaigns: each row is one kind of fault, tried many times, with the same oracle after each.

mod at_once;
mod backfills;
mod campaign;
mod capture;
mod defaults;
mod disk;
pub mod galera;
mod history;
mod hostile;
mod huge;
mod identifiers;
mod interrupted;
mod killed_history;
mod lock_lost;
mod lost;
mod no_lock;
mod operator;
mod peers;
mod places;
mod rebuilds;
mod rows;
mod secrets;
mod settled;
mod spelt;
mod stale;
mod text;
mod waiting;

pub use campaign::{Case, Ending, Failure, Plan, Report, Row, Tier};
pub use huge::RELEASE_BINARY;
pub use killed_history::{Killed, killed_history};
pub use peers::{Peer, Standing, experiment};
pub use rows::ROWS;
pub use stale::STALE_TESTS;
