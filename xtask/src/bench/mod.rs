//! `cargo xtask bench`: this tool against its peers, in one run on one machine.
//!
//! Invariant: what is compared was measured in turns, never one tool after the other.

mod backfill;
mod embed;
mod layout;
mod measure;
mod peer;
mod report;
mod run;
mod servers;

pub(crate) use run::Bench;
