//! What a split text is.

use crate::{Directive, Effects, Position, Span};

/// A text that was split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// In order; an empty statement (`;;`, or only comments) is not one.
    pub statements: Vec<Statement>,
    /// In order.
    pub directives: Vec<Directive>,
}

/// One statement: from its first significant token to its last, without the delimiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes in the text.
    pub span: Span,
    /// Where it starts.
    pub at: Position,
    /// What it does.
    pub effects: Effects,
}
