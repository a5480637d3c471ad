//! Range types.

use serde::{Deserialize, Serialize};

/// A range type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// What stands between the brackets of CREATE TYPE, each as `name = value`.
    pub parameters: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}
