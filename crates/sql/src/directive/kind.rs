//! What a directive says.

use crate::{Position, Span};

/// A directive comment and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// What it says.
    pub kind: DirectiveKind,
    /// The comment.
    pub span: Span,
    /// Where it stands.
    pub at: Position,
}

/// What a directive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `no-transaction` (sqlx's `-- no-transaction` is read too), in the leading comments.
    NoTransaction,
    /// `allow RULE reason="…"`: silences one finding, `row-loss` included.
    Allow {
        /// The rule, e.g. `row-loss`.
        rule: String,
        /// Why, never empty.
        reason: String,
    },
    /// `irreversible reason="…"` in `migration.sql`: there is no way back, and that is meant.
    Irreversible {
        /// Why; may be empty.
        reason: String,
    },
    /// `after-backfill ID`: wait until that migration's backfill is complete.
    AfterBackfill {
        /// The id named.
        id: String,
    },
    /// `batch table(column) rows`, in `backfill.sql`.
    Batch {
        /// The table, perhaps schema-qualified, as written.
        table: String,
        /// The key column, as written.
        column: String,
        /// Keys in one batch.
        rows: u64,
    },
    /// `renamed-from NAME`, in `schema.sql`.
    RenamedFrom {
        /// The old name, as written.
        name: String,
    },
}
