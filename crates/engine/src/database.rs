//! The database itself: create, drop, wait until it answers.

use std::time::Duration;

use crate::{DbUrl, Error, SessionOptions};

/// Creates the database. Whether it was created: `false` when it is there already.
///
/// # Errors
/// The server cannot be reached, or the role may not.
pub async fn create(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    let _ = (url, options);
    todo!()
}

/// Drops the database. Whether it was there.
///
/// # Errors
/// Sessions are connected to it, the server cannot be reached, or the role may not.
pub async fn drop(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    let _ = (url, options);
    todo!()
}

/// Whether the database exists.
///
/// # Errors
/// The server cannot be reached.
pub async fn exists(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    let _ = (url, options);
    todo!()
}

/// Waits until the database answers a query.
///
/// # Errors
/// `Error::NotReady` with the last reason.
pub async fn wait(url: &DbUrl, options: &SessionOptions, timeout: Duration) -> Result<(), Error> {
    let _ = (url, options, timeout);
    todo!()
}
