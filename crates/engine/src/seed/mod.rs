//! Seeds: scripts that run as they are, and rows that are upserted.

mod cell;
mod check;
mod csv_rows;
mod file;
mod json_rows;
mod keys;
mod memory;
mod order;
mod prune;
mod script;
mod twice;
mod upsert;
mod write;

pub use file::{SeedFile, SeedProblem, SeedText};
pub use memory::{remember_seed, seeds_run};
pub use script::run_script;
pub use twice::{Once, prove_seeds};
pub use upsert::{Seeded, seed_rows};
