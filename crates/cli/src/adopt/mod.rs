//! Takes over another tool's migrations folder and ledger: read, plan, show, carry out.
//!
//! Invariant: a plan is made from the folder as it is now, so a run that was cut off is finished by
//! running it again.

mod diesel;
mod folder;
mod listing;
mod order;
mod prisma;
mod rows;
mod sqlx;
mod sqlx_toml;
mod write;

pub(crate) use folder::{Change, Folder, Problem, Taken, read};
pub(crate) use rows::{Matched, match_rows};
pub(crate) use sqlx_toml::ignored_characters;
pub(crate) use write::carry_out;
