//! What is done around `deploy`, on real servers: the database itself, reverting, settling,
//! adopting, resetting, shadows and scripts.

#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

mod adopt;
mod database;
mod down;
mod place;
mod reset;
mod resolve;
mod script;
mod shadow;
#[path = "../support/mod.rs"]
mod support;
