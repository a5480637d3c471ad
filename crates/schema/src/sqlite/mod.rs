//! SQLite: the catalog and its difference.

mod affinity;
mod canonical;
mod catalog;
mod form;
mod guesses;
mod index;
mod layout;
mod name;
mod plan;
mod read;
mod read_column;
mod read_table;
mod relations;
mod renames;
mod table;
#[cfg(test)]
mod tests;
mod tokens;
mod view;
mod virtual_table;

pub use canonical::Canonical;
pub use catalog::Catalog;
pub use guesses::guesses;
pub use index::Index;
pub use plan::plan;
pub use read::{ColumnFact, Facts, Object};
pub use renames::rename;
pub use table::{Column, Constraint, DefaultValue, Generated, Rule, Table};
pub use view::{Trigger, View, ViewColumn};
pub use virtual_table::VirtualTable;
