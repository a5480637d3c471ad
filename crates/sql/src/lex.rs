//! Tokens. The lexer never fails: what is not closed ends the text as `Unterminated`.

use crate::{Span, Syntax};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Spaces and line ends.
    Whitespace,
    /// `-- …`, `# …` (MySQL) without its line end, or a `/* … */` that is only a comment.
    Comment,
    /// `/*! … */`, `/*M! … */` and `/*+ … */`: a comment to other servers, code to this one.
    ExecutableComment,
    /// A keyword or an unquoted name.
    Word,
    /// `"…"`, `` `…` ``, `[…]`.
    QuotedIdent,
    /// `'…'` with any prefix (`E`, `B`, `X`, `N`, `U&`, `_charset`); `"…"` on MySQL.
    String,
    /// `$tag$ … $tag$`.
    DollarString,
    /// A number.
    Number,
    /// `?`, `?1`, `:name`, `@name`, `$1`.
    Parameter,
    /// `;`, or what `DELIMITER` put in its place.
    Delimiter,
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
    let _ = (text, syntax);
    todo!()
}

/// The text of each token that changes what a server does, in order: everything but whitespace
/// and plain comments; directives that change execution count. Hashed into `tokens:` of the lock
/// file, so its result may never change within a lock-file version.
pub fn significant<'a>(text: &'a str, syntax: Syntax) -> impl Iterator<Item = &'a str> {
    let _ = syntax;
    std::iter::once(text)
}
