//! `cargo xtask gen`: the pages that are written from the code, or compared with it.

mod commands;
mod errors;
mod lint;
mod run;

pub(crate) use commands::command_names;
pub(crate) use run::Gen;
