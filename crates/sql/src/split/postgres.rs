//! PostgreSQL: parentheses (`CREATE RULE … DO (a; b)`) and `BEGIN ATOMIC … END` of SQL routines,
//! as psql follows them (src/fe_utils/psqlscan.l).

use super::body::{Open, Piece};
use crate::TokenKind;

#[derive(Debug, Default)]
pub(super) struct Body {
    begun: bool,
    create: bool,
    parentheses: usize,
    /// Open `BEGIN ATOMIC` and `CASE`, which ends with `END` too.
    blocks: usize,
    block_start: usize,
    before: Before,
}

/// The token before this one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    #[default]
    Other,
    /// `.` or `AS`: a reserved word behind it is a name.
    Names,
    Begin(usize),
}

impl Body {
    pub(super) fn token(&mut self, piece: Piece<'_>) {
        if !self.begun {
            self.begun = true;
            self.create = piece.is_word("CREATE");
        }
        if piece.kind == TokenKind::Symbol {
            match piece.text {
                "(" => self.parentheses += 1,
                ")" => self.parentheses = self.parentheses.saturating_sub(1),
                _ => {}
            }
        }
        if self.create {
            self.block(piece);
        }
    }

    fn block(&mut self, piece: Piece<'_>) {
        match self.before {
            Before::Begin(at) if piece.is_word("ATOMIC") && self.parentheses == 0 => {
                self.block_start = at;
                self.blocks += 1;
            }
            Before::Names => {}
            _ if self.blocks == 0 => {}
            _ if piece.is_word("CASE") => self.blocks += 1,
            _ if piece.is_word("END") => self.blocks -= 1,
            _ => {}
        }
        self.before = if piece.is_word("BEGIN") && self.blocks == 0 {
            Before::Begin(piece.at)
        } else if piece.is_symbol(".") || piece.is_word("AS") {
            Before::Names
        } else {
            Before::Other
        };
    }

    pub(super) fn semicolon(&mut self) -> bool {
        self.before = Before::Other;
        self.parentheses == 0 && self.blocks == 0
    }

    pub(super) fn open(&self) -> Option<Open> {
        (self.blocks > 0).then_some(Open { what: "a routine body", at: self.block_start })
    }
}
