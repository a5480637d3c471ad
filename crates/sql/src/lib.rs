//! SQL as text: tokens, statements with their place, directives, and what a statement does to a
//! transaction. One lexer for three dialects; no parser, no server, no I/O.
//!
//! Invariant: the statements and the gaps between them, put together, are the input byte for byte.
//! Invariant: no input panics.

mod dialect;
mod directive;
mod effects;
mod error;
mod lex;
mod quote;
mod shape;
mod split;
mod text;

pub use dialect::{Dialect, Syntax};
pub use directive::{Directive, DirectiveKind};
pub use effects::{Control, Effects, ObjectKind, ObjectRef, Reach, unquote};
pub use error::SqlError;
pub use lex::{Token, TokenKind, executable_code, lex, significant, tokens};
pub use quote::{ident, literal};
pub use shape::{Shape, Step, shape};
pub use split::{Script, Statement, split};
pub use text::{Position, Span, position};
