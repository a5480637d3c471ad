//! From one catalog to another.

use super::Catalog;
use crate::{Guess, Plan, PlanOptions, Rename, SchemaError, Step};

/// The statements that lead from one catalog to another.
///
/// # Errors
/// A change that no statement makes.
pub fn plan(_from: &Catalog, _to: &Catalog, _options: &PlanOptions) -> Result<Plan, SchemaError> {
    Ok(Plan::default())
}

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
