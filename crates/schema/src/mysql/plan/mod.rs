//! From one catalog to another, one file per kind of object.

mod again;
mod alter;
mod columns;
mod events;
mod matched;
mod members;
mod options;
mod partitions;
mod periods;
mod references;
mod routines;
mod sequences;
mod tables;
#[cfg(test)]
mod tests;
mod triggers;
mod views;
mod whole;

pub(crate) use again::is_convertible;
pub(crate) use columns::ColumnChange;
pub use whole::plan;
