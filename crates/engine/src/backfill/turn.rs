//! One runner at a time, where a session can hold a lock. Elsewhere (SQLite, a pooler, a cluster)
//! runners take turns: the progress row alone keeps a batch from being done twice.

use std::time::{Duration, Instant};

use xtask_db_history::MigrationId;

use crate::lock::{self, Named};
use crate::{Error, Event, Observer, Session};

/// Between two tries.
const POLL: Duration = Duration::from_millis(250);

/// Waits for the lock of a backfill; none where there is no such lock.
pub(super) async fn take(
    session: &mut Session,
    id: &MigrationId,
    wait: Duration,
    observer: &mut dyn Observer,
) -> Result<Option<Named>, Error> {
    let Some(named) = Named::of(session, id.as_str()).await? else { return Ok(None) };
    let (start, mut told) = (Instant::now(), false);
    loop {
        match lock::try_named(session, &named).await? {
            Some(true) => return Ok(Some(named)),
            None => return Ok(None),
            Some(false) if start.elapsed() >= wait => {
                return Err(Error::BackfillBusy { id: id.clone(), waited: start.elapsed() });
            }
            Some(false) => {}
        }
        if !told {
            told = true;
            observer.on(Event::Notice("another runner is at this backfill: waiting for it"));
        }
        tokio::time::sleep(POLL).await;
    }
}
