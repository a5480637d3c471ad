//! From one catalog to another: what goes, what is changed in place, what is made again.

mod alter;
mod change;
mod create;
mod order;
mod rebuild;
mod steps;

pub use steps::plan;
