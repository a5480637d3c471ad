//! Enum types.

use serde::{Deserialize, Serialize};

/// An enum type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Its values in order.
    pub values: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}
