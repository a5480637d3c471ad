//! Reads the catalog of a database into the model.
//!
//! Invariant: what is there and not in the model is named in the catalog.

mod mysql;
mod postgres;
mod read;
mod sqlite;

pub use read::introspect;
