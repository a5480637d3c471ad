//! Why there is no plan.

use thiserror::Error;
use xtask_db_sql::Dialect;

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The catalogs are of two servers.
    #[error("a {from} schema cannot be changed into a {to} schema")]
    Dialects {
        /// Where the plan starts.
        from: Dialect,
        /// Where it should end.
        to: Dialect,
    },
    /// No statement makes the change on this server.
    #[error("{object} cannot be changed: {reason}")]
    Refused {
        /// `column users.id`.
        object: String,
        /// Why, and what a person can do.
        reason: String,
    },
    /// A rename that fits neither catalog.
    #[error("cannot rename {from} to {to}: {reason}")]
    Rename {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Why.
        reason: String,
    },
}
