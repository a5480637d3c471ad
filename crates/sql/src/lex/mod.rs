//! Tokens. The lexer never fails: what is not closed ends the text as `Unterminated`.
//!
//! Invariant: the spans cover the text without a gap and end on character boundaries.
//! Invariant: the time is linear in the text, whatever the text.

mod delimiter;
mod lexer;
mod mysql;
mod postgres;
mod quoted;
mod significant;
mod sqlite;
mod token;

pub(crate) use lexer::Lexer;
pub use mysql::executable_code;
pub(crate) use quoted::unclosed;
pub use significant::significant;
pub use token::{Token, TokenKind, lex, tokens};
