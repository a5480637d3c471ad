//! Objects that are there and not in the model.

use super::reader::Reader;
use crate::Error;

pub(super) async fn read(_reader: &mut Reader<'_>) -> Result<(), Error> {
    Ok(())
}
