//! The shapes.

use std::ops::Range;

/// How a script is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// All statements in one transaction of the tool. A script without statements too.
    Transaction,
    /// Exactly one `BEGIN … COMMIT` block, first and last statement, that is kept as written.
    Block,
    /// Steps that commit one after another.
    Journaled {
        /// In order, covering every statement.
        steps: Vec<Step>,
    },
}

/// One step of a journaled script; the ranges index [`Script::statements`].
///
/// [`Script::statements`]: crate::Script::statements
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A maximal run of statements that commit together in a transaction of the tool.
    Together(Range<usize>),
    /// A `BEGIN … COMMIT` block of the file, both included.
    Block(Range<usize>),
    /// One statement that the server commits by itself.
    Alone(usize),
}
