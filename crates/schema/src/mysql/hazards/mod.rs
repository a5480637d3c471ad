//! What a person should know of a statement before it runs.

mod altered;
mod column;
mod fit;
mod keys;
mod rewrite;
mod table;
mod types;

pub(crate) use altered::Altered;
pub(crate) use keys::foreign_key_added;
pub(crate) use table::table_dropped;
