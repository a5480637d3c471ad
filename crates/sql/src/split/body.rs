//! Whether a `;` ends the statement or belongs to a body in it.

use super::{mysql, postgres, sqlite};
use crate::effects::{Item, Words};
use crate::{Dialect, Syntax, TokenKind};

/// Follows one statement from its first token.
#[derive(Debug)]
pub(super) enum Body {
    Sqlite(sqlite::Body),
    Postgres(postgres::Body),
    Mysql(mysql::Body),
}

/// A body that the text leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Open {
    /// For [`crate::SqlError::Unterminated`].
    pub(super) what: &'static str,
    /// The byte where it starts.
    pub(super) at: usize,
}

/// A token as the bodies see it; never whitespace or a comment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl Piece<'_> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        self.kind == TokenKind::Word
            && words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }
}

impl Body {
    pub(super) fn new(syntax: Syntax) -> Self {
        match syntax.dialect {
            Dialect::Sqlite => Self::Sqlite(sqlite::Body::default()),
            Dialect::Postgres => Self::Postgres(postgres::Body::default()),
            Dialect::Mysql => Self::Mysql(mysql::Body::default()),
        }
    }

    pub(super) fn token(&mut self, piece: Piece<'_>) {
        match self {
            Self::Sqlite(body) => body.token(piece),
            Self::Postgres(body) => body.token(piece),
            Self::Mysql(body) => body.token(piece),
        }
    }

    /// Takes the code in a `/*! … */`, which may hold a routine's header or its whole body.
    pub(super) fn executable(&mut self, comment: &str, at: usize, syntax: Syntax) {
        for Item { kind, text } in Words::new(comment, syntax) {
            if kind == TokenKind::Delimiter {
                self.semicolon();
            } else {
                self.token(Piece { kind, text, at });
            }
        }
    }

    /// Takes a `;`: true when it ends the statement, otherwise it is part of the body.
    pub(super) fn semicolon(&mut self) -> bool {
        match self {
            Self::Sqlite(body) => body.semicolon(),
            Self::Postgres(body) => body.semicolon(),
            Self::Mysql(body) => body.semicolon(),
        }
    }

    /// What is still open where the text ends.
    pub(super) fn open(&self) -> Option<Open> {
        match self {
            Self::Sqlite(body) => body.open(),
            Self::Postgres(body) => body.open(),
            Self::Mysql(body) => body.open(),
        }
    }
}
