//! Applies what is pending.

use xtask_db_history::History;

use crate::{DeployOptions, DeployReport, Error, Observer, Session};

/// Applies what is pending, in order, under the deploy lock.
///
/// # Errors
/// See [`Error`]. After an error the ledger says what is applied.
pub async fn deploy(
    session: &mut Session,
    history: &History,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<DeployReport, Error> {
    let _ = (session, history, options, observer);
    todo!()
}
