//! How a script is run: in the tool's transaction, in its own, or step by step under a journal.

mod blocks;
mod model;
mod plan;
mod savepoints;

pub use model::{Shape, Step};
pub use plan::shape;
