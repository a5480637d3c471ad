//! squawk's PostgreSQL rules under our names: the only place that knows squawk.
//!
//! Invariant: each of its rules is mapped to one of ours or left out with a reason; a new one does
//! not compile.

mod hit;
mod judge;
mod names;
mod run;

pub(crate) use hit::Hit;
pub(crate) use judge::{as_is, on_table_in_use};
pub(crate) use names::ids;
pub(crate) use run::{Parsed, parse};
