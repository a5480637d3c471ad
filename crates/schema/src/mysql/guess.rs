//! Renames that may be meant.

use super::Catalog;
use crate::Guess;

/// Renames that may be meant, best first.
#[must_use]
pub fn guesses(_from: &Catalog, _to: &Catalog) -> Vec<Guess> {
    Vec::new()
}
