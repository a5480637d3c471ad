//! What each object needs.

use super::reader::Reader;
use crate::Error;

pub(super) async fn read(_reader: &mut Reader<'_>) -> Result<(), Error> {
    Ok(())
}
