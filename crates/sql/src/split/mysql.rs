//! Compound statements of MySQL and MariaDB, found without `DELIMITER`: bodies of routines,
//! triggers, events and packages, and MariaDB's `BEGIN NOT ATOMIC`, `IF`, `LOOP`, … outside them.
//!
//! A word such as `IF`, `CASE` or `REPEAT` opens a block only where a statement starts; elsewhere
//! it is a function, an expression or `IF EXISTS`. So this follows where statements start.

use super::body::{Open, Piece};
use crate::TokenKind;

/// Words that open a block where a statement starts.
const OPENERS: [&str; 7] = ["BEGIN", "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"];

/// Words that start a routine's body when it is one plain statement.
const STARTERS: [&str; 22] = [
    "ALTER", "CALL", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "GRANT", "INSERT", "LOAD",
    "PREPARE", "RENAME", "REPLACE", "RESIGNAL", "RETURN", "REVOKE", "SELECT", "SIGNAL", "TRUNCATE",
    "UPDATE", "VALUES", "WITH",
];

/// What `CREATE` may make that has no body.
const BODILESS: [&str; 14] = [
    "DATABASE",
    "INDEX",
    "LOGFILE",
    "RESOURCE",
    "ROLE",
    "SCHEMA",
    "SEQUENCE",
    "SERVER",
    "SPATIAL",
    "TABLE",
    "TABLESPACE",
    "TEMPORARY",
    "USER",
    "VIEW",
];

#[derive(Debug, Default)]
pub(super) struct Body {
    stage: Stage,
    blocks: Vec<Block>,
    parentheses: usize,
    /// A statement of the body starts with the next token.
    fresh: bool,
    /// The last token was the first word of a statement, perhaps a label.
    label: bool,
    /// The last token was an `END` of a block: its next word only repeats what ends.
    ended: bool,
    /// The last token was a dot: a name follows.
    dotted: bool,
    /// The last token of the header was `CHARACTER` or the like.
    charset: bool,
    /// Open `CASE` expressions of this statement.
    cases: usize,
    /// `UNTIL` was read: the next `END` ends the `REPEAT`.
    until: bool,
    handler: Handler,
    /// Oracle mode: a `PROCEDURE` or `FUNCTION` in declarations, whose `AS` opens a block.
    nested_routine: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Start,
    /// `BEGIN`, then `NOT`: a block when `ATOMIC` follows.
    Begin(usize),
    /// `word`, perhaps a label.
    Label,
    /// After `CREATE` or `ALTER`, before the word that says what.
    Kind,
    /// A routine's or package's name and parameters.
    Signature,
    /// Until `FOR EACH ROW`.
    Trigger,
    /// Until `DO`.
    Event,
    /// Behind all that: characteristics, then the body.
    Header,
    /// `AS` or `IS` was read there: `AS 'text'`, or Oracle's declarations.
    As,
    Body,
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Construct {
    /// Oracle's `AS … BEGIN … END`, or a package: its `BEGIN` opens nothing more.
    Declarations,
    /// `WHILE` and `FOR` until their `DO`.
    LoopHead,
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    construct: Construct,
    at: usize,
}

/// `DECLARE … HANDLER FOR condition [, condition] … statement`
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Handler {
    #[default]
    None,
    Declare,
    Declared,
    Condition,
    AfterCondition,
}

impl Body {
    pub(super) fn token(&mut self, piece: Piece<'_>) {
        if piece.is_symbol("(") {
            self.parentheses += 1;
        } else if piece.is_symbol(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
        match self.stage {
            Stage::Body => self.body(piece),
            Stage::Plain => {}
            _ => self.head(piece),
        }
    }

    pub(super) fn semicolon(&mut self) -> bool {
        if self.blocks.is_empty() {
            return true;
        }
        self.fresh = true;
        self.label = false;
        self.ended = false;
        self.dotted = false;
        self.until = false;
        self.cases = 0;
        self.handler = Handler::None;
        self.nested_routine = false;
        false
    }

    pub(super) fn open(&self) -> Option<Open> {
        self.blocks.last().map(|block| Open { what: "a compound statement", at: block.at })
    }

    fn head(&mut self, piece: Piece<'_>) {
        self.stage = match self.stage {
            Stage::Start if piece.is_one_of(&["CREATE", "ALTER"]) => Stage::Kind,
            Stage::Start if piece.is_word("BEGIN") => Stage::Begin(piece.at),
            Stage::Start if piece.is_one_of(&OPENERS) => return self.start_body(piece),
            Stage::Start if piece.kind == TokenKind::Word => Stage::Label,
            Stage::Label if piece.is_symbol(":") => Stage::Start,
            Stage::Begin(at) if piece.is_word("NOT") => Stage::Begin(at),
            Stage::Begin(at) if piece.is_word("ATOMIC") => {
                self.open_block(Construct::Other, at);
                Stage::Body
            }
            Stage::Kind => kind(piece),
            Stage::Trigger if piece.is_word("ROW") => Stage::Header,
            Stage::Event if piece.is_word("DO") => {
                self.fresh = true;
                Stage::Body
            }
            Stage::Signature if piece.is_one_of(&["AS", "IS"]) && self.parentheses == 0 => {
                Stage::As
            }
            Stage::Signature if piece.is_symbol(")") && self.parentheses == 0 => Stage::Header,
            Stage::Header => return self.header(piece),
            Stage::As if matches!(piece.kind, TokenKind::String | TokenKind::DollarString) => {
                Stage::Plain
            }
            Stage::As => {
                self.open_block(Construct::Declarations, piece.at);
                return self.start_body(piece);
            }
            stage @ (Stage::Trigger | Stage::Event | Stage::Signature) => stage,
            _ => Stage::Plain,
        };
    }

    fn start_body(&mut self, piece: Piece<'_>) {
        self.stage = Stage::Body;
        self.fresh = true;
        self.body(piece);
    }

    /// Between the parameters (or `FOR EACH ROW`) and the body.
    fn header(&mut self, piece: Piece<'_>) {
        if self.parentheses > 0 {
            return;
        }
        let label_end = piece.is_symbol(":");
        if label_end {
            self.stage = Stage::Body;
            self.fresh = true;
        } else if piece.is_one_of(&OPENERS) || opener_behind_colon(piece).is_some() {
            self.label = true;
            self.start_body(piece);
        } else if piece.is_one_of(&["AS", "IS"]) {
            self.stage = Stage::As;
        } else if piece.is_one_of(&STARTERS) || (piece.is_word("SET") && !self.charset) {
            self.stage = Stage::Plain;
        }
        // in `CHARACTER SET`, `CHAR SET` and `RETURNS SET('a')` SET starts no statement
        self.charset = piece.is_one_of(&["CHARACTER", "CHAR", "RETURNS"]);
    }

    fn body(&mut self, piece: Piece<'_>) {
        self.follow_handler(piece);
        let fresh = std::mem::take(&mut self.fresh);
        let label = std::mem::take(&mut self.label);
        let ended = std::mem::take(&mut self.ended);
        let dotted = std::mem::replace(&mut self.dotted, piece.is_symbol("."));
        if dotted || (ended && piece.kind == TokenKind::Word) {
            return;
        }
        if label && let Some(opener) = opener_behind_colon(piece) {
            return self.statement_start(Piece { kind: TokenKind::Word, text: opener, ..piece });
        }
        if label && piece.is_symbol(":") {
            self.fresh = true;
        } else if fresh {
            self.statement_start(piece);
        } else {
            self.statement_rest(piece);
        }
    }

    fn statement_start(&mut self, piece: Piece<'_>) {
        if piece.kind != TokenKind::Word {
            self.label = piece.kind == TokenKind::QuotedIdent;
            return;
        }
        let at = piece.at;
        match piece.text.to_ascii_uppercase().as_str() {
            "BEGIN" => match self.blocks.last_mut() {
                Some(block) if block.construct == Construct::Declarations => {
                    block.construct = Construct::Other;
                    self.fresh = true;
                }
                _ => self.open_block(Construct::Other, at),
            },
            "LOOP" | "REPEAT" => self.open_block(Construct::Other, at),
            // a condition follows
            "IF" | "CASE" => self.blocks.push(Block { construct: Construct::Other, at }),
            "WHILE" | "FOR" => self.blocks.push(Block { construct: Construct::LoopHead, at }),
            "END" => self.close_block(),
            "UNTIL" => self.until = true,
            // `BEGIN NOT ATOMIC`
            "ELSE" | "NOT" | "ATOMIC" => self.fresh = true,
            "DECLARE" => self.handler = Handler::Declare,
            "PROCEDURE" | "FUNCTION" => self.nested_routine = self.in_declarations(),
            _ => self.label = true,
        }
    }

    fn statement_rest(&mut self, piece: Piece<'_>) {
        if piece.kind != TokenKind::Word {
            return;
        }
        match piece.text.to_ascii_uppercase().as_str() {
            "CASE" => self.cases += 1,
            "END" if self.cases > 0 => self.cases -= 1,
            "END" if self.until => self.close_block(),
            "THEN" if self.cases == 0 => self.fresh = true,
            "DO" => {
                if let Some(block) = self.blocks.last_mut()
                    && block.construct == Construct::LoopHead
                {
                    block.construct = Construct::Other;
                    self.fresh = true;
                }
            }
            "AS" | "IS" if self.nested_routine && self.parentheses == 0 => {
                self.nested_routine = false;
                self.open_block(Construct::Declarations, piece.at);
            }
            _ => {}
        }
    }

    fn follow_handler(&mut self, piece: Piece<'_>) {
        self.handler = match self.handler {
            Handler::Declare if piece.is_word("HANDLER") => Handler::Declared,
            Handler::Declared if piece.is_word("FOR") => Handler::Condition,
            Handler::Condition if piece.is_one_of(&["SQLSTATE", "VALUE", "NOT"]) => return,
            Handler::Condition => Handler::AfterCondition,
            Handler::AfterCondition if piece.is_symbol(",") => Handler::Condition,
            Handler::AfterCondition => {
                self.fresh = true;
                Handler::None
            }
            other => other,
        };
    }

    fn in_declarations(&self) -> bool {
        self.blocks.last().is_some_and(|block| block.construct == Construct::Declarations)
    }

    fn open_block(&mut self, construct: Construct, at: usize) {
        self.blocks.push(Block { construct, at });
        self.fresh = true;
    }

    fn close_block(&mut self) {
        self.blocks.pop();
        self.until = false;
        self.ended = true;
    }
}

/// What `CREATE` or `ALTER` is about.
fn kind(piece: Piece<'_>) -> Stage {
    if piece.is_one_of(&["PROCEDURE", "FUNCTION", "PACKAGE"]) {
        Stage::Signature
    } else if piece.is_word("TRIGGER") {
        Stage::Trigger
    } else if piece.is_word("EVENT") {
        Stage::Event
    } else if piece.is_one_of(&BODILESS) {
        Stage::Plain
    } else {
        Stage::Kind
    }
}

/// `:BEGIN` behind a label and a blank looks like a parameter.
fn opener_behind_colon<'a>(piece: Piece<'a>) -> Option<&'a str> {
    let word = piece.text.strip_prefix(':')?;
    OPENERS.iter().any(|opener| word.eq_ignore_ascii_case(opener)).then_some(word)
}
