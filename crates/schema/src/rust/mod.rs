//! The tables of a catalog as Rust types for sqlx: a struct for each table and view, an enum for
//! each enum type.
//!
//! Invariant: the text is what rustfmt would leave, and depends on the catalog and options alone.

mod mysql;
mod name;
mod options;
mod postgres;
mod render;
mod sqlite;
mod text_enum;
mod types;

pub use options::{Options, Time, Unknown};
pub use render::{HEAD, render};
