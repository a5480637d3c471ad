//! What makes a text impossible to split or to run safely.

use crate::text::Position;

/// A fault in a migration's text, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// A quote, comment, dollar quote or body that never ends.
    #[error("{what} starts here and is never closed")]
    Unterminated {
        /// `a string`, `a comment`, `a dollar-quoted body`, …
        what: &'static str,
        /// Where it starts.
        at: Position,
    },
    /// `COPY … FROM stdin`: its data lines are read by psql only.
    #[error("COPY … FROM stdin needs a client that streams the data")]
    CopyFromStdin {
        /// Where the statement starts.
        at: Position,
    },
    /// A psql, mysql or sqlite3 client command such as `\i` or `.read`.
    #[error("{command} is a command of the {client} client, not SQL")]
    ClientCommand {
        /// The command as written, e.g. `\i`.
        command: String,
        /// `psql`, `mysql`, `sqlite3`.
        client: &'static str,
        /// Where it stands.
        at: Position,
    },
    /// A `COMMIT` without `BEGIN`, a `BEGIN` without `COMMIT`, or one inside another.
    #[error("{statement} has no counterpart in this file")]
    Unpaired {
        /// The statement's first words.
        statement: String,
        /// Where it stands.
        at: Position,
    },
    /// A statement that cannot run in a transaction stands between `BEGIN` and `COMMIT`.
    #[error("{statement} cannot run inside a transaction")]
    NotInTransaction {
        /// The statement's first words.
        statement: String,
        /// Where it stands.
        at: Position,
    },
    /// A `-- xtask-db:` comment whose word is unknown or whose arguments are wrong.
    #[error("{problem}")]
    Directive {
        /// What is wrong, e.g. `unknown directive no-transacton, did you mean no-transaction`.
        problem: String,
        /// Where the comment stands.
        at: Position,
    },
}

impl SqlError {
    /// Where the fault is.
    #[must_use]
    pub const fn at(&self) -> Position {
        match self {
            Self::Unterminated { at, .. }
            | Self::CopyFromStdin { at }
            | Self::ClientCommand { at, .. }
            | Self::Unpaired { at, .. }
            | Self::NotInTransaction { at, .. }
            | Self::Directive { at, .. } => *at,
        }
    }
}
