//! `generate`: the Rust types of a database compile, and read its rows.
//!
//! `sqlite.rs`, `postgres.rs` and `mariadb.rs` are what the command writes; `UPDATE_GOLDEN=1`
//! writes them anew.

#![expect(unreachable_pub, reason = "the types are written for a library")]

mod mariadb;
mod postgres;
mod rows;
mod schemas;
mod sqlite;
mod written;
