//! What a token is.

use crate::lex::Lexer;
use crate::{Span, Syntax};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Spaces and line ends, as the server sees them; a byte order mark at the start.
    Whitespace,
    /// `-- …`, `# …` (MySQL) without its line end, or a `/* … */` that is only a comment.
    Comment,
    /// `/*! … */`, `/*M! … */` (MySQL) and `/*+ … */` (MySQL, PostgreSQL): a comment to other
    /// servers, code to this one.
    ExecutableComment,
    /// A keyword or an unquoted name.
    Word,
    /// `"…"`, `` `…` ``, `[…]`, `U&"…"`.
    QuotedIdent,
    /// `'…'` with any prefix (`E`, `B`, `X`, `N`, `U&`, `_charset`); `"…"` on MySQL. With
    /// PostgreSQL's `E`, the segments that continue it on later lines are part of it.
    String,
    /// `$tag$ … $tag$`.
    DollarString,
    /// A number.
    Number,
    /// `?`, `?1`, `:name`, `@name`, `$1`.
    Parameter,
    /// `;`, or what `DELIMITER` put in its place.
    Delimiter,
    /// A line with MySQL's client command `DELIMITER`, without its line end.
    DelimiterCommand,
    /// Any other character or operator.
    Symbol,
    /// A quote, comment or dollar quote that is never closed; runs to the end of the text.
    Unterminated,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// All tokens of a text, comments and whitespace included: their spans cover it without a gap.
#[must_use]
pub fn lex(text: &str, syntax: Syntax) -> Vec<Token> {
    Lexer::new(text, syntax).collect()
}

/// The same, one at a time: for a text of which only the start may be read.
pub fn tokens(text: &str, syntax: Syntax) -> impl Iterator<Item = Token> {
    Lexer::new(text, syntax)
}
