//! MySQL and MariaDB: the catalog and its difference.

mod catalog;
mod plan;

pub use catalog::Catalog;
pub use plan::{guesses, plan, rename};
