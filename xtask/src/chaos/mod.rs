//! `cargo xtask chaos`: the campaigns, a line for each row.

mod galera;
mod peers;
mod report;
mod run;

pub(crate) use run::Chaos;
