//! A text of the server that is not understood.

use thiserror::Error;

/// A text of the server that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the server's text is not understood near {near}")]
pub struct Unread {
    /// What follows the place.
    pub near: String,
}
