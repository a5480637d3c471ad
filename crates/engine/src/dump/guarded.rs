//! The server's part of the deploy lock, for a restore: what a restore replaces is also the table
//! in which holders are written.

use std::time::{Duration, Instant};

use crate::lock;
use crate::{Error, Session};

/// The wait between two tries.
const POLL: Duration = Duration::from_millis(250);

/// Takes the lock that deployers hold; it ends with the session. Nothing is written.
///
/// # Errors
/// `Error::LockTimeout` when a deployer has it for all of `wait`.
pub async fn keep_out(session: &mut Session, wait: Duration) -> Result<(), Error> {
    if session.dialect() == xtask_db_sql::Dialect::Sqlite {
        return Ok(());
    }
    if session.reaches_server().await? {
        session.fresh().await?;
    }
    let start = Instant::now();
    // None: there is no lock function to trust; an empty database has no deployer either.
    while lock::try_session(session).await? == Some(false) {
        if start.elapsed() >= wait {
            let holder = lock::holder(session).await.ok().flatten();
            return Err(Error::LockTimeout { waited: start.elapsed(), holder });
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}
