//! A statement as the words its server reads: comments are gone, `/*! … */` is opened.

use std::collections::VecDeque;

use crate::lex::{Lexer, executable_code};
use crate::{Syntax, TokenKind};

/// A token of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
}

impl Item<'_> {
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }
}

/// Reads a statement from its start, as lazily as its reader.
#[derive(Debug, Clone)]
pub(crate) struct Words<'a> {
    text: &'a str,
    syntax: Syntax,
    lexer: Lexer<'a>,
    /// The code of the `/*! … */` that is open.
    executable: Option<(&'a str, Lexer<'a>)>,
    ahead: VecDeque<Item<'a>>,
}

impl<'a> Words<'a> {
    pub(crate) fn new(text: &'a str, syntax: Syntax) -> Self {
        let lexer = Lexer::new(text, syntax);
        Self { text, syntax, lexer, executable: None, ahead: VecDeque::new() }
    }

    pub(crate) const fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The token `n` places ahead; 0 is the next.
    pub(crate) fn peek(&mut self, n: usize) -> Option<Item<'a>> {
        while self.ahead.len() <= n {
            let item = self.read()?;
            self.ahead.push_back(item);
        }
        self.ahead.get(n).copied()
    }

    /// Passes over a word, if it is the next.
    pub(crate) fn eat(&mut self, word: &str) -> bool {
        self.eat_all(&[word])
    }

    /// Passes over words, if all of them come next.
    pub(crate) fn eat_all(&mut self, words: &[&str]) -> bool {
        let come = words
            .iter()
            .enumerate()
            .all(|(n, word)| self.peek(n).is_some_and(|item| item.is_word(word)));
        if come {
            self.ahead.drain(..words.len());
        }
        come
    }

    /// Passes over whichever of these words come, in any order and number.
    pub(crate) fn eat_any(&mut self, words: &[&str]) {
        while words.iter().any(|word| self.eat(word)) {}
    }

    /// Passes over one of these words, if it is the next.
    pub(crate) fn eat_one(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.eat(word)).copied()
    }

    /// Passes over a symbol, if it is the next.
    pub(crate) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let comes = self.peek(0).is_some_and(|item| item.is_symbol(symbol));
        if comes {
            self.ahead.pop_front();
        }
        comes
    }

    /// Passes over `IF EXISTS` and `IF NOT EXISTS`.
    pub(crate) fn skip_if_exists(&mut self) {
        let _ = self.eat_all(&["IF", "EXISTS"]) || self.eat_all(&["IF", "NOT", "EXISTS"]);
    }

    /// Passes over `( … )`, if it comes.
    pub(crate) fn skip_parentheses(&mut self) {
        if !self.eat_symbol("(") {
            return;
        }
        let mut depth = 1_usize;
        while depth > 0
            && let Some(item) = self.next()
        {
            if item.is_symbol("(") {
                depth += 1;
            } else if item.is_symbol(")") {
                depth -= 1;
            }
        }
    }

    /// Passes over everything up to the first of these words outside of parentheses, and over it.
    pub(crate) fn seek(&mut self, words: &[&'static str]) -> Option<&'static str> {
        loop {
            if let Some(found) = self.eat_one(words) {
                return Some(found);
            }
            self.peek(0)?;
            self.pass();
        }
    }

    /// Passes over one token, or a whole `( … )`.
    pub(crate) fn pass(&mut self) {
        if self.peek(0).is_some_and(|item| item.is_symbol("(")) {
            self.skip_parentheses();
        } else {
            self.next();
        }
    }

    fn read(&mut self) -> Option<Item<'a>> {
        loop {
            if let Some((code, lexer)) = &mut self.executable {
                let code: &'a str = code;
                match lexer.next() {
                    Some(token) if is_gap(token.kind) => {}
                    Some(token) => {
                        return Some(Item { kind: token.kind, text: &code[token.span.range()] });
                    }
                    None => self.executable = None,
                }
                continue;
            }
            let token = self.lexer.next()?;
            let text = &self.text[token.span.range()];
            match token.kind {
                kind if is_gap(kind) => {}
                TokenKind::ExecutableComment => self.open(text),
                kind => return Some(Item { kind, text }),
            }
        }
    }

    fn open(&mut self, comment: &'a str) {
        if let Some(code) = executable_code(comment) {
            self.executable = Some((code, Lexer::inside_executable(code, 0, self.syntax)));
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        match self.ahead.pop_front() {
            Some(item) => Some(item),
            None => self.read(),
        }
    }
}

const fn is_gap(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Whitespace | TokenKind::Comment)
}
