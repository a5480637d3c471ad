//! The model as SQL that a person reads: names without quotes where that is safe.

mod clause;
mod create;
mod name;
mod reserved;
mod spell;
mod view;

pub(crate) use clause::{alter_table, check, column, foreign_key, key, period};
pub(crate) use create::create_table;
pub(crate) use name::{name, names, unquoted};
pub(crate) use spell::spelled;
pub(crate) use view::create_view;
