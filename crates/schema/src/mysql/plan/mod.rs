//! From one catalog to another, one file per kind of object.

mod alter;
mod columns;
mod events;
mod matched;
mod options;
mod partitions;
mod references;
mod routines;
mod sequences;
mod tables;
mod triggers;
mod views;
mod whole;

pub(crate) use columns::ColumnChange;
pub use whole::plan;
