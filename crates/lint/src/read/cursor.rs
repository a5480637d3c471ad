//! A place in a statement's tokens, and the small steps of every reader.

use xtask_db_sql::{Dialect, Span, TokenKind, unquote};

use super::Tok;
use crate::name::{Name, fold};

/// More parts than any server's names have.
const NAME_PARTS_MAX: usize = 4;

/// Reads tokens from left to right.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'t, 'a> {
    toks: &'t [Tok<'a>],
    at: usize,
    pub(crate) dialect: Dialect,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(crate) const fn new(toks: &'t [Tok<'a>], dialect: Dialect) -> Self {
        Self { toks, at: 0, dialect }
    }

    pub(crate) fn peek(&self, ahead: usize) -> Option<Tok<'a>> {
        self.toks.get(self.at + ahead).copied()
    }

    pub(crate) fn next(&mut self) -> Option<Tok<'a>> {
        let token = self.peek(0)?;
        self.at += 1;
        Some(token)
    }

    pub(crate) const fn at_end(&self) -> bool {
        self.at >= self.toks.len()
    }

    /// The next token is this word.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.peek(0).is_some_and(|token| token.is(word))
    }

    /// The next token is one of these words.
    pub(crate) fn is_one(&self, words: &[&str]) -> bool {
        self.peek(0).is_some_and(|token| words.iter().any(|word| token.is(word)))
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.peek(0).is_some_and(|token| token.is_symbol(symbol))
    }

    /// Passes over a word, or several in a row, if they come next: `"NOT NULL"`.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let mut count = 0;
        for word in words.split(' ') {
            if !self.peek(count).is_some_and(|token| token.is(word)) {
                return false;
            }
            count += 1;
        }
        self.at += count;
        true
    }

    /// Passes over one of these, if it comes next, and says which.
    pub(crate) fn eat_one(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.eat(word)).copied()
    }

    /// Passes over any of these words, in any order and number.
    pub(crate) fn eat_any(&mut self, words: &[&'static str]) {
        while self.eat_one(words).is_some() {}
    }

    pub(crate) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    /// `IF EXISTS`, `IF NOT EXISTS`: whether it was there.
    pub(crate) fn if_exists(&mut self) -> bool {
        self.eat("IF EXISTS") || self.eat("IF NOT EXISTS")
    }

    /// A name of one part, folded, and as written.
    pub(crate) fn part(&mut self) -> Option<(String, String)> {
        let token = self.peek(0)?;
        let named = match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent => true,
            // SQLite takes a string where only a name can stand
            TokenKind::String => self.dialect == Dialect::Sqlite,
            _ => false,
        };
        if !named {
            return None;
        }
        self.at += 1;
        let quoted = token.kind != TokenKind::Word;
        let shown = if quoted { unquote(token.text) } else { token.text.to_owned() };
        Some((fold(token.text, token.kind, self.dialect), shown))
    }

    /// A name of one part, folded.
    pub(crate) fn ident(&mut self) -> Option<String> {
        self.part().map(|(folded, _)| folded)
    }

    /// A name with what qualifies it.
    pub(crate) fn name(&mut self) -> Option<Name> {
        let (first, mut shown) = self.part()?;
        let mut parts = vec![first];
        while parts.len() < NAME_PARTS_MAX && self.is_symbol(".") {
            self.at += 1;
            let Some((part, written)) = self.part() else { break };
            shown = format!("{shown}.{written}");
            parts.push(part);
        }
        Some(Name::of_parts(&parts, shown))
    }

    /// `a, b.c, d`, each perhaps with `ONLY`, `*` or arguments.
    pub(crate) fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            self.eat("ONLY");
            let Some(name) = self.name() else { return names };
            names.push(name);
            self.eat_symbol("*");
            self.group();
            if !self.eat_symbol(",") {
                return names;
            }
        }
    }

    /// Passes over `( … )`, if it comes, and returns what is inside.
    pub(crate) fn group(&mut self) -> Option<Self> {
        if !self.is_symbol("(") {
            return None;
        }
        let start = self.at + 1;
        let mut depth = 0_usize;
        for (index, token) in self.toks.iter().enumerate().skip(self.at) {
            if token.is_symbol("(") {
                depth += 1;
            } else if token.is_symbol(")") {
                depth -= 1;
                if depth == 0 {
                    self.at = index + 1;
                    return Some(self.part_of(start, index));
                }
            }
        }
        self.at = self.toks.len();
        Some(self.part_of(start.min(self.at), self.at))
    }

    /// Names in `( … )`: the columns of a key. Lengths, orders and operator classes are passed over.
    pub(crate) fn column_list(&mut self) -> Vec<String> {
        let Some(group) = self.group() else { return Vec::new() };
        group.split().into_iter().filter_map(|mut item| item.ident()).collect()
    }

    /// The rest, cut at the commas outside of parentheses; empty parts are left out.
    pub(crate) fn split(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut cursor = self.clone();
        while !cursor.at_end() {
            let start = cursor.at;
            cursor.pass_to_comma();
            if cursor.at > start {
                parts.push(self.part_of(start, cursor.at));
            }
            cursor.eat_symbol(",");
        }
        parts
    }

    /// Passes over everything up to a comma outside of parentheses.
    pub(crate) fn pass_to_comma(&mut self) {
        while !self.at_end() && !self.is_symbol(",") {
            self.pass();
        }
    }

    /// Passes over one token, or a whole `( … )`.
    pub(crate) fn pass(&mut self) {
        if self.group().is_none() {
            self.at += 1;
        }
    }

    /// Passes over everything up to one of these words outside of parentheses, and over it.
    pub(crate) fn seek(&mut self, words: &[&'static str]) -> Option<&'static str> {
        while !self.at_end() {
            if let Some(found) = self.eat_one(words) {
                return Some(found);
            }
            self.pass();
        }
        None
    }

    /// What comes up to one of these words outside of parentheses, which is left.
    pub(crate) fn until(&mut self, words: &[&'static str]) -> Self {
        let start = self.at;
        while !self.at_end() && !self.is_one(words) {
            self.pass();
        }
        self.part_of(start, self.at.min(self.toks.len()))
    }

    /// All tokens from here on.
    pub(crate) fn rest(&self) -> &'t [Tok<'a>] {
        self.toks.get(self.at..).unwrap_or_default()
    }

    /// The tokens between an earlier place of this cursor and now.
    pub(crate) fn since(&self, earlier: &Self) -> &'t [Tok<'a>] {
        self.toks.get(earlier.at..self.at.min(self.toks.len())).unwrap_or_default()
    }

    /// The bytes from an earlier place to now; the next token when nothing was passed.
    pub(crate) fn span_since(&self, earlier: &Self) -> Span {
        span_of(self.since(earlier)).or_else(|| span_of(self.rest())).unwrap_or(END)
    }

    fn part_of(&self, from: usize, to: usize) -> Self {
        Self::new(self.toks.get(from..to).unwrap_or_default(), self.dialect)
    }
}

const END: Span = Span { start: 0, end: 0 };

/// The bytes of some tokens.
pub(crate) fn span_of(toks: &[Tok<'_>]) -> Option<Span> {
    Some(Span { start: toks.first()?.span.start, end: toks.last()?.span.end })
}
