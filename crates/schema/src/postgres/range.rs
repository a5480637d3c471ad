//! Range types.

use serde::{Deserialize, Serialize};

use super::Name;
use super::change::Change;

/// A range type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// What stands between the brackets of CREATE TYPE, each as `name = value`.
    pub parameters: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// The statement that makes one.
pub(super) fn create(name: &Name, made: &Range) -> String {
    format!("CREATE TYPE {name} AS RANGE (\n    {}\n)", made.parameters.join(",\n    "))
}

/// What makes one the other. `used`: columns have it.
pub(super) fn change(from: &Range, to: &Range, used: bool) -> Change {
    match from.parameters == to.parameters {
        true => Change::Same,
        false if used => Change::Refuse(
            "a range type does not change and columns have it; give them another type first".into(),
        ),
        false => Change::Recreate,
    }
}
