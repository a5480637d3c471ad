//! What is granted on objects: read, reported and given again to what is made again.

use serde::{Deserialize, Serialize};

use super::Object;
use super::change::Site;
use crate::Step;

/// A privilege of a role on an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Who has it; none: everybody.
    pub role: Option<String>,
    /// `SELECT`.
    pub privilege: String,
    /// On this column only.
    pub column: Option<String>,
    /// It may be passed on.
    pub grantable: bool,
}

/// Gives what the source has on an object that was dropped and made again.
pub(super) fn again(_site: &Site<'_>, _object: &Object) -> Vec<Step> {
    Vec::new()
}
