//! A text as statements.

mod body;
mod mysql;
mod postgres;
mod refuse;
mod script;
mod splitter;
mod sqlite;

pub use script::{Script, Statement};
pub use splitter::split;
