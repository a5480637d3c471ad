//! Runs a file that is not a migration.

use crate::{Error, Observer, Session};

/// Runs a script, in one transaction where it can be. Returns how many statements it has.
///
/// # Errors
/// `Error::Split`, or `Error::Failed` with the statement's place.
pub async fn run_script(
    session: &mut Session,
    path: &str,
    text: &str,
    observer: &mut dyn Observer,
) -> Result<u32, Error> {
    let _ = (session, path, text, observer);
    todo!()
}
