//! `cargo xtask chaos`: the campaigns, a line for each row.

mod built;
mod galera;
mod peers;
mod report;
mod run;

pub(crate) use run::Chaos;
