//! The tokens of a text that a server printed, read one after the other.

use xtask_db_sql::{Syntax, TokenKind, lex};

use super::Unread;

/// A token that is neither blank nor comment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    start: usize,
    end: usize,
}

/// Tokens and the text they stand in.
#[derive(Debug, Clone)]
pub(crate) struct Pieces<'a> {
    text: &'a str,
    all: Vec<Piece<'a>>,
    at: usize,
}

/// The name that a quoted or plain word stands for.
pub(crate) fn unquoted(text: &str) -> String {
    match text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(inner) => inner.replace("``", "`"),
        None => text.to_owned(),
    }
}

impl Piece<'_> {
    /// This keyword, whatever its case.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.kind, TokenKind::Symbol) && self.text == symbol
    }

    /// A name in quotes.
    pub(crate) fn is_name(&self) -> bool {
        self.kind == TokenKind::QuotedIdent
    }
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(text: &'a str, syntax: Syntax) -> Self {
        let blank = |kind| matches!(kind, TokenKind::Whitespace | TokenKind::Comment);
        let tokens = lex(text, syntax).into_iter().filter(|token| !blank(token.kind));
        let piece = |token: xtask_db_sql::Token| Piece {
            kind: token.kind,
            text: &text[token.span.range()],
            start: token.span.start,
            end: token.span.end,
        };
        Self { text, all: tokens.map(piece).collect(), at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<Piece<'a>> {
        self.all.get(self.at).copied()
    }

    pub(crate) fn next(&mut self) -> Option<Piece<'a>> {
        let piece = self.peek()?;
        self.at += 1;
        Some(piece)
    }

    /// The words that follow, all or none.
    pub(crate) fn eat(&mut self, words: &[&str]) -> bool {
        let follows = self.all[self.at..].iter().zip(words).filter(|(piece, word)| piece.is(word));
        let all = follows.count() == words.len();
        self.at += if all { words.len() } else { 0 };
        all
    }

    pub(crate) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let follows = self.peek().is_some_and(|piece| piece.is_symbol(symbol));
        self.at += usize::from(follows);
        follows
    }

    /// The words that must follow.
    pub(crate) fn expect(&mut self, words: &[&str]) -> Result<(), Unread> {
        if self.eat(words) { Ok(()) } else { Err(self.unread()) }
    }

    /// The name that must follow.
    pub(crate) fn name(&mut self) -> Result<String, Unread> {
        let name = self.peek().filter(|piece| piece.is_name() || piece.kind == TokenKind::Word);
        let name = name.ok_or_else(|| self.unread())?;
        self.at += 1;
        Ok(unquoted(name.text))
    }

    /// What stands in the parentheses that must follow, cut at its outer commas.
    pub(crate) fn group(&mut self) -> Result<Vec<Pieces<'a>>, Unread> {
        if !self.peek().is_some_and(|piece| piece.is_symbol("(")) {
            return Err(self.unread());
        }
        let open = self.at;
        let (mut depth, mut first, mut parts) = (0_usize, open + 1, Vec::new());
        while let Some(piece) = self.next() {
            let closes = piece.is_symbol(")");
            depth = if closes { depth - 1 } else { depth + usize::from(piece.is_symbol("(")) };
            if (depth == 0 && closes) || (depth == 1 && piece.is_symbol(",")) {
                parts.push(self.part(first, self.at - 1));
                first = self.at;
            }
            if depth == 0 {
                return Ok(parts);
            }
        }
        Err(Unread { near: self.text.to_owned() })
    }

    /// The text of the parentheses that must follow, without them.
    pub(crate) fn inside(&mut self) -> Result<&'a str, Unread> {
        let start = self.peek().map_or(0, |piece| piece.end);
        self.group()?;
        let end = self.all[self.at - 1].start;
        Ok(self.text[start..end].trim())
    }

    /// The text from here to the end.
    pub(crate) fn rest(&self) -> &'a str {
        let start = self.peek().map_or(self.text.len(), |piece| piece.start);
        let end = self.all.last().map_or(start, |piece| piece.end);
        &self.text[start..end.max(start)]
    }

    /// The text of the tokens from one place to the one before another.
    pub(crate) fn between(&self, from: usize, to: usize) -> &'a str {
        match self.all.get(from..to) {
            Some([first, .., last]) => &self.text[first.start..last.end],
            Some([only]) => only.text,
            _ => "",
        }
    }

    /// The place of the next token.
    pub(crate) const fn place(&self) -> usize {
        self.at
    }

    pub(crate) const fn is_done(&self) -> bool {
        self.at >= self.all.len()
    }

    pub(crate) fn unread(&self) -> Unread {
        const SHOWN_MAX_CHARS: usize = 60;
        Unread { near: self.rest().chars().take(SHOWN_MAX_CHARS).collect() }
    }

    fn part(&self, from: usize, to: usize) -> Self {
        Self { text: self.text, all: self.all[from..to].to_vec(), at: 0 }
    }
}
