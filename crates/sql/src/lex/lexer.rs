//! The iterator over tokens and what it must remember from one to the next.

use super::{delimiter, mysql, postgres, sqlite};
use crate::{Dialect, Span, Syntax, Token, TokenKind};

/// Reads one token at a time; holds no more of the text than a borrow.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) syntax: Syntax,
    at: usize,
    /// What `DELIMITER` set, when it is not `;`.
    delimiter: Option<&'a str>,
    /// The text is the inside of `/*! … */`: a further `/*!` opens nothing.
    executable: bool,
    /// A statement has begun and not ended: `DELIMITER` may be a column's name there.
    pending: bool,
    /// The last significant token was the word `AS`: MySQL 9 has `AS $$ … $$`.
    pub(super) after_as: bool,
}

/// A token's kind and its end.
pub(super) type Scan = (TokenKind, usize);

impl<'a> Lexer<'a> {
    pub(crate) const fn new(text: &'a str, syntax: Syntax) -> Self {
        Self {
            text,
            syntax,
            at: 0,
            delimiter: None,
            executable: false,
            pending: false,
            after_as: false,
        }
    }

    /// For the inside of an executable comment that starts at `at` and may end before the text.
    pub(crate) const fn inside_executable(text: &'a str, at: usize, syntax: Syntax) -> Self {
        let mut lexer = Self::new(text, syntax);
        lexer.at = at;
        lexer.executable = true;
        lexer
    }

    pub(super) const fn is_executable(&self) -> bool {
        self.executable
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The byte at an offset; 0 past the end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    pub(super) fn starts_with(&self, at: usize, prefix: &str) -> bool {
        self.text.as_bytes()[at..].starts_with(prefix.as_bytes())
    }

    /// The end of the run of bytes that `accept` takes.
    pub(super) fn run(&self, from: usize, accept: impl Fn(u8) -> bool) -> usize {
        let rest = &self.text.as_bytes()[from..];
        from + rest.iter().position(|&b| !accept(b)).unwrap_or(rest.len())
    }

    /// One character that is no more than itself.
    pub(super) fn symbol(&self, at: usize) -> Scan {
        let length = self.text[at..].chars().next().map_or(1, char::len_utf8);
        (TokenKind::Symbol, at + length)
    }

    /// The longest of `operators` that starts here, else one character.
    pub(super) fn operator(&self, at: usize, operators: &[&str]) -> Scan {
        match operators.iter().find(|operator| self.starts_with(at, operator)) {
            Some(operator) => (TokenKind::Symbol, at + operator.len()),
            None => self.symbol(at),
        }
    }

    fn scan(&mut self) -> Scan {
        let at = self.at;
        if at == 0 && self.text.starts_with('\u{feff}') {
            return (TokenKind::Whitespace, '\u{feff}'.len_utf8());
        }
        match self.syntax.dialect {
            Dialect::Postgres => postgres::scan(self, at),
            Dialect::Sqlite => sqlite::scan(self, at),
            Dialect::Mysql => self.scan_mysql(at),
        }
    }

    fn scan_mysql(&mut self, at: usize) -> Scan {
        if let Some(delimiter) = self.delimiter
            && self.starts_with(at, delimiter)
            && delimiter::stands_alone(self.text, at, delimiter)
        {
            return (TokenKind::Delimiter, at + delimiter.len());
        }
        let may_command = |at| {
            !self.pending || (self.delimiter.is_some() && delimiter::begins_line(self.text, at))
        };
        if !self.executable
            && let Some(command) = delimiter::command(self.text, at)
            && may_command(at)
        {
            self.delimiter = Some(command.delimiter).filter(|&delimiter| delimiter != ";");
            return (TokenKind::DelimiterCommand, command.end);
        }
        let (kind, end) = mysql::scan(self, at);
        match (kind, self.delimiter) {
            // `;` inside a text that `DELIMITER` cuts
            (TokenKind::Delimiter, Some(_)) => (TokenKind::Symbol, end),
            // the client finds its delimiter inside words, `END$$`, and inside operators too
            (TokenKind::Word | TokenKind::Symbol | TokenKind::Number, Some(delimiter)) => {
                (kind, delimiter::cut(self.text, at, end, delimiter))
            }
            _ => (kind, end),
        }
    }

    fn remember(&mut self, kind: TokenKind, span: Span) {
        match kind {
            TokenKind::Whitespace | TokenKind::Comment => {}
            TokenKind::Delimiter | TokenKind::DelimiterCommand => {
                self.pending = false;
                self.after_as = false;
            }
            _ => {
                self.pending = true;
                self.after_as =
                    kind == TokenKind::Word && self.text[span.range()].eq_ignore_ascii_case("as");
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let (kind, end) = self.scan();
        debug_assert!(end > start && self.text.is_char_boundary(end), "{start}..{end}");
        self.at = end;
        let span = Span { start, end };
        self.remember(kind, span);
        Some(Token { kind, span })
    }
}
