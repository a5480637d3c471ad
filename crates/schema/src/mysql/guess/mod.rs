//! Renames that may be meant. Precision before recall: a wrong rename is data loss too.

mod columns;
mod found;
mod likeness;
mod relations;

pub use found::guesses;
