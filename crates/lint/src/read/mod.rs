//! Statements as far as rules ask about them: what is created, altered, dropped, written. Not a
//! parser: what a reader does not know is passed over inside a statement, and a statement that no
//! reader knows is [`Kind::Other`].
//!
//! Invariant: no input panics, and the time is linear in the text.

mod alter;
mod column;
mod constraint;
mod create_table;
mod cursor;
mod dml;
mod drop;
mod expr;
mod index;
mod kinds;
mod model;
mod objects;
mod session;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;
mod types;

pub(crate) use cursor::Cursor;
pub(crate) use kinds::*;
pub(crate) use model::*;
pub(crate) use statement::{Statement, read};
pub(crate) use tokens::{Tok, tokens};
