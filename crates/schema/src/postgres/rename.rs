//! Renames: their statements, and which may be meant.

use super::Catalog;
use crate::{Guess, Rename, SchemaError, Step};

/// The statements of renames.
///
/// # Errors
/// A name that is not there, or is taken.
pub fn rename(_catalog: &Catalog, _renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
    Ok(Vec::new())
}

/// Renames that may be meant, best first.
#[must_use]
pub fn guesses(_from: &Catalog, _to: &Catalog) -> Vec<Guess> {
    Vec::new()
}
