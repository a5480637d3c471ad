//! SQLite's triggers, by the rule of its own `sqlite3_complete()` (src/complete.c): a statement
//! that begins with `CREATE [TEMP] TRIGGER` ends at `; END ;`. Any other ends at `;`.

use super::body::{Open, Piece};

#[derive(Debug, Default)]
pub(super) struct Body {
    head: Head,
    tail: Tail,
    start: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    Explain,
    Create,
    Trigger,
    Plain,
}

/// How much of `; END` was just read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Tail {
    #[default]
    Other,
    Semicolon,
    End,
}

impl Body {
    pub(super) fn token(&mut self, piece: Piece<'_>) {
        if self.head == Head::Trigger {
            let ends = self.tail == Tail::Semicolon && piece.is_word("END");
            self.tail = if ends { Tail::End } else { Tail::Other };
            return;
        }
        if self.head == Head::Start {
            self.start = piece.at;
        }
        self.head = match self.head {
            Head::Start if piece.is_word("EXPLAIN") => Head::Explain,
            Head::Explain if piece.is_one_of(&["QUERY", "PLAN"]) => Head::Explain,
            Head::Start | Head::Explain if piece.is_word("CREATE") => Head::Create,
            Head::Create if piece.is_one_of(&["TEMP", "TEMPORARY"]) => Head::Create,
            Head::Create if piece.is_word("TRIGGER") => Head::Trigger,
            _ => Head::Plain,
        };
    }

    pub(super) fn semicolon(&mut self) -> bool {
        if self.head != Head::Trigger || self.tail == Tail::End {
            return true;
        }
        self.tail = Tail::Semicolon;
        false
    }

    pub(super) fn open(&self) -> Option<Open> {
        (self.head == Head::Trigger && self.tail != Tail::End)
            .then_some(Open { what: "a trigger body", at: self.start })
    }
}
