//! Schemas.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::quote;
use crate::Step;

/// A schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// Its comment.
    pub comment: Option<String>,
}

/// The statements that make one of the target.
pub(super) fn create(_site: &Site<'_>, name: &str) -> Vec<Step> {
    vec![Step::new(format!("CREATE SCHEMA {}", quote(name)))]
}

/// The statements that drop one of the source. It is empty by then, or the server refuses.
pub(super) fn drop(_site: &Site<'_>, name: &str) -> Vec<Step> {
    vec![Step::new(format!("DROP SCHEMA {}", quote(name)))]
}

/// What makes one of the source one of the target.
pub(super) fn change(_site: &Site<'_>, _name: &str) -> Change {
    Change::Same
}
