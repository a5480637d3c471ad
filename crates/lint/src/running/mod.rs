//! The release that is running while migrations are applied: the queries in its sources, what a
//! server says of them, and what that means once it says something else.
//!
//! Invariant: a query is judged by a change of what is said of it, never by what is said alone.

mod harm;
mod rust;
mod shape;
mod writes;

pub(crate) use harm::report;
pub use harm::{Harm, HarmKind, Place};
pub use rust::{Source, Written, queries};
pub use shape::{QueryColumn, QueryShape, Reads, compare};
pub use writes::refused_writes;
