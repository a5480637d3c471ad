//! Everything that has an end of its own: strings, quoted names, comments, dollar quotes.

use super::lexer::{Lexer, Scan};
use crate::{Syntax, TokenKind};

impl Lexer<'_> {
    /// The token that ends at `end`; without one, the rest of the text is unterminated.
    pub(super) fn closed(&self, kind: TokenKind, end: Option<usize>) -> Scan {
        match end {
            Some(end) => (kind, end),
            None => (TokenKind::Unterminated, self.text.len()),
        }
    }

    /// The end of a quoted text whose opening quote is at `open`: the quote doubled is the quote
    /// itself, and so is one behind a backslash when those escape.
    pub(super) fn quoted_end(&self, open: usize, backslash: bool) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let quote = bytes[open];
        let mut at = open + 1;
        while at < bytes.len() {
            if bytes[at] == b'\\' && backslash {
                at += 2;
            } else if bytes[at] != quote {
                at += 1;
            } else if bytes.get(at + 1) == Some(&quote) {
                at += 2;
            } else {
                return Some(at + 1);
            }
        }
        None
    }

    /// A quoted text as a token that starts at `start`, perhaps before its quote.
    pub(super) fn quoted(&self, kind: TokenKind, open: usize, backslash: bool) -> Scan {
        self.closed(kind, self.quoted_end(open, backslash))
    }

    /// A comment up to its line end. PostgreSQL ends it at a carriage return too, the others do
    /// not.
    pub(super) fn line_comment(&self, at: usize, ends: &[u8]) -> Scan {
        (TokenKind::Comment, self.run(at, |b| !ends.contains(&b)))
    }

    /// The end of a `/*` comment that does not nest.
    pub(super) fn block_end(&self, at: usize) -> Option<usize> {
        let body = at + 2;
        self.text[body..].find("*/").map(|found| body + found + 2)
    }

    /// The end of a `/*` comment in which others nest.
    pub(super) fn nested_block_end(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut depth = 1_usize;
        let mut at = at + 2;
        while at + 1 < bytes.len() {
            match (bytes[at], bytes[at + 1]) {
                (b'*', b'/') => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                (b'/', b'*') => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
        None
    }

    /// The end of a dollar quote's opening delimiter, `$$` or `$tag$`, when one is at `at`.
    pub(super) fn dollar_tag_end(&self, at: usize) -> Option<usize> {
        let tag = at + 1;
        let first = self.byte(tag);
        let end = if first.is_ascii_digit() {
            tag
        } else {
            self.run(tag, |b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80)
        };
        (self.byte(end) == b'$' && end < self.text.len()).then_some(end + 1)
    }

    /// A dollar-quoted body whose opening delimiter is `at..body`.
    pub(super) fn dollar_quoted(&self, at: usize, body: usize) -> Scan {
        let tag = &self.text[at..body];
        let end = self.text[body..].find(tag).map(|found| body + found + tag.len());
        self.closed(TokenKind::DollarString, end)
    }
}

/// What an unterminated token is, for people.
pub(crate) fn unclosed(token: &str, syntax: Syntax) -> &'static str {
    let quote = token.find(['\'', '"', '`']).map(|at| token.as_bytes()[at]);
    match token.as_bytes() {
        [b'/', ..] => "a comment",
        [b'$', ..] => "a dollar-quoted body",
        [b'[' | b'`', ..] => "a quoted name",
        _ if quote == Some(b'\'') => "a string",
        _ if quote == Some(b'"') && !syntax.ansi_quotes => "a string",
        _ => "a quoted name",
    }
}
