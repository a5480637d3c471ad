//! A statement as tokens without whitespace and comments, read from left to right.

use std::ops::Range;

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

use super::name::unquoted;

/// A token and its place in the statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token<'_> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// The name that the token stands for, where a name is expected.
    pub(super) fn name(&self) -> Option<String> {
        let name =
            matches!(self.kind, TokenKind::Word | TokenKind::QuotedIdent | TokenKind::String);
        name.then(|| unquoted(self.text, self.kind))
    }
}

/// The tokens of a statement but whitespace and comments.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let token = |token: xtask_db_sql::Token| Token {
        kind: token.kind,
        text: &sql[token.span.range()],
        start: token.span.start,
        end: token.span.end,
    };
    let said = |token: &Token<'_>| {
        !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment | TokenKind::Delimiter)
            || (token.kind == TokenKind::Delimiter && token.end < sql.trim_end().len())
    };
    lex(sql, Syntax::of(Dialect::Sqlite)).into_iter().map(token).filter(said).collect()
}

/// Reads tokens from left to right.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Self { sql, tokens: tokens(sql), at: 0 }
    }

    pub(super) fn tokens(&self) -> &[Token<'a>] {
        &self.tokens
    }

    /// The index of the token that is next.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    pub(super) fn sees_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.is_symbol(symbol))
    }

    /// Goes past these words when they are all there.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let rest = &self.tokens[self.at..];
        let all = rest.len() >= words.len()
            && words.iter().zip(rest).all(|(word, token)| token.is_word(word));
        if all {
            self.at += words.len();
        }
        all
    }

    pub(super) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let there = self.sees_symbol(symbol);
        self.at += usize::from(there);
        there
    }

    /// A name.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.peek()?.name()?;
        self.at += 1;
        Some(name)
    }

    /// From a parenthesis to the one that closes it, both included.
    pub(super) fn group(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.next() {
            if token.is_symbol("(") {
                depth += 1;
            } else if token.is_symbol(")") {
                depth = depth.checked_sub(1)?;
            }
            if depth == 0 {
                return (self.at > start + 1).then_some(start..self.at);
            }
        }
        None
    }

    /// The statement's text from a token to the one before another.
    pub(super) fn text(&self, tokens: Range<usize>) -> &'a str {
        match self.tokens.get(tokens) {
            Some([first, .., last]) => &self.sql[first.start..last.end],
            Some([one]) => one.text,
            _ => "",
        }
    }

    /// The same without comments, on one line but for its literals.
    pub(super) fn said(&self, tokens: Range<usize>) -> String {
        let mut said = String::new();
        let mut end = None;
        for token in self.tokens.get(tokens).unwrap_or_default() {
            if end.is_some_and(|end| end < token.start) {
                said.push(' ');
            }
            said.push_str(token.text);
            end = Some(token.end);
        }
        said
    }
}
