//! From one catalog to another.

use super::Catalog;
use crate::{Plan, PlanOptions, SchemaError};

/// The statements that lead from one catalog to another.
///
/// # Errors
/// A change that no statement makes.
pub fn plan(_from: &Catalog, _to: &Catalog, _options: &PlanOptions) -> Result<Plan, SchemaError> {
    Ok(Plan::default())
}
