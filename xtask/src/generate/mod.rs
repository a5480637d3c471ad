//! `cargo xtask gen`: the pages that are written from the code, and whether they are what is committed.

mod commands;
mod errors;
mod run;

pub(crate) use commands::command_names;
pub(crate) use run::Gen;
