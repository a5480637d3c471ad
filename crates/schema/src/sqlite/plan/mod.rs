//! From one catalog to another: what goes, what is changed in place, what is made again.

mod alter;
mod change;
mod create;
mod hazards;
mod order;
mod probe;
mod rebuild;
mod steps;
#[cfg(test)]
mod tests;
mod virtual_tables;

pub use steps::plan;
