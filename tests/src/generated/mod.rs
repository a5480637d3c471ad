//! Schemas drawn at random, for pairs that nobody thought of.
//!
//! A server's generator is a function `fn(&mut Random) -> (Schema, Schema)` in a file of its own,
//! listed in `draw.rs`; it covers every kind of the model.

mod draw;
mod mariadb;
mod postgres;
mod run;
mod schema;
mod shrink;
pub mod sqlite;

pub use draw::draw;
pub use run::{Failed, run};
pub use schema::{Schema, Statement};
pub use shrink::shrink;
