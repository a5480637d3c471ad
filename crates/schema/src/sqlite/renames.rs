//! The statements of renames.

use super::Catalog;
use crate::{Rename, SchemaError, Step};

/// The statements of renames.
///
/// # Errors
/// A name that is not there, or is taken.
pub fn rename(_catalog: &Catalog, _renames: &[Rename]) -> Result<Vec<Step>, SchemaError> {
    Ok(Vec::new())
}
