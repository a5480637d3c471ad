//! Named places of a run at which a test may hold it, to kill it there, or make it fail. Without
//! the feature `failpoints` none of this is compiled in.

use crate::Error;

/// A place that every fault is tried at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failpoint {
    /// The server's lock is taken, nothing is written.
    LockTried,
    /// The lock is held and its holder written.
    Locked,
    /// The plan is read under the lock.
    Planned,
    /// A transaction is open, nothing has run in it.
    Opened,
    /// A statement is about to run.
    Statement,
    /// The ledger row is written, its transaction is open.
    RowWritten,
    /// A migration in one transaction is committed.
    Committed,
    /// The row of a journaled migration is committed, nothing has run.
    Begun,
    /// The journal says which statement runs; it does not run yet.
    Marked,
    /// A statement that the server commits by itself is done and not counted.
    Uncounted,
    /// A step of a journaled migration is counted.
    Counted,
    /// All statements of a journaled migration are done, its row is not closed.
    Closing,
    /// Everything is applied and the lock still held.
    Releasing,
    /// A batch of a backfill has its progress row, nothing has run in it.
    BatchOpened,
    /// The statement of a batch is done, its progress is not written.
    BatchRan,
    /// The progress of a batch is written, its transaction is open.
    BatchWritten,
    /// A batch is committed.
    BatchCommitted,
    /// Every batch and the verify are done, and it is not written that they are.
    BackfillClosing,
}

impl Failpoint {
    /// Those of a deploy, in the order of a run.
    pub const ALL: [Self; 13] = [
        Self::LockTried,
        Self::Locked,
        Self::Planned,
        Self::Opened,
        Self::Statement,
        Self::RowWritten,
        Self::Committed,
        Self::Begun,
        Self::Marked,
        Self::Uncounted,
        Self::Counted,
        Self::Closing,
        Self::Releasing,
    ];

    /// Those of a backfill, in the order of a run.
    pub const BACKFILL: [Self; 5] = [
        Self::BatchOpened,
        Self::BatchRan,
        Self::BatchWritten,
        Self::BatchCommitted,
        Self::BackfillClosing,
    ];

    /// Its name in a specification: `row-written`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LockTried => "lock-tried",
            Self::Locked => "locked",
            Self::Planned => "planned",
            Self::Opened => "opened",
            Self::Statement => "statement",
            Self::RowWritten => "row-written",
            Self::Committed => "committed",
            Self::Begun => "begun",
            Self::Marked => "marked",
            Self::Uncounted => "uncounted",
            Self::Counted => "counted",
            Self::Closing => "closing",
            Self::Releasing => "releasing",
            Self::BatchOpened => "batch-opened",
            Self::BatchRan => "batch-ran",
            Self::BatchWritten => "batch-written",
            Self::BatchCommitted => "batch-committed",
            Self::BackfillClosing => "backfill-closing",
        }
    }

    /// The run is here.
    ///
    /// # Errors
    /// `Error::Server` where a test wants one.
    #[cfg(not(feature = "failpoints"))]
    #[expect(clippy::unused_async, reason = "it waits where the feature is on")]
    pub(crate) async fn reached(self) -> Result<(), Error> {
        Ok(())
    }

    /// The run is here.
    ///
    /// # Errors
    /// `Error::Server` where a test wants one.
    #[cfg(feature = "failpoints")]
    pub(crate) async fn reached(self) -> Result<(), Error> {
        armed::reached(self).await
    }
}

#[cfg(feature = "failpoints")]
pub use armed::arm;

#[cfg(feature = "failpoints")]
mod armed {
    use std::path::PathBuf;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::Failpoint;
    use crate::{DbError, Error};

    #[derive(Debug)]
    struct Armed {
        name: String,
        /// Which time the place is reached, from 1.
        time: u32,
        action: Action,
        reached: AtomicU32,
    }

    #[derive(Debug)]
    enum Action {
        /// Writes the file and waits for good.
        Hold(PathBuf),
        /// Writes the file and waits until it is removed.
        Pause(PathBuf),
        Fail,
    }

    const PAUSE_POLL: Duration = Duration::from_millis(5);

    static ARMED: OnceLock<Armed> = OnceLock::new();

    /// Arms one place of this process: `marked#2=hold:FILE` writes the file and waits for good the
    /// second time, `marked=pause:FILE` goes on once the file is removed, `marked=error` fails the
    /// first time.
    ///
    /// # Errors
    /// The specification, when it is none.
    pub fn arm(specification: &str) -> Result<(), String> {
        let parse = || {
            let (place, action) = specification.split_once('=')?;
            let (name, time) = place.split_once('#').unwrap_or((place, "1"));
            let mut all = Failpoint::ALL.iter().chain(&Failpoint::BACKFILL);
            let known = all.any(|point| point.name() == name);
            let action = match action.split_once(':') {
                Some(("hold", file)) => Action::Hold(file.into()),
                Some(("pause", file)) => Action::Pause(file.into()),
                None if action == "error" => Action::Fail,
                _ => return None,
            };
            let (name, time) = (name.to_owned(), time.parse().ok()?);
            known.then_some(Armed { name, time, action, reached: AtomicU32::new(0) })
        };
        let armed = parse().ok_or_else(|| specification.to_owned())?;
        ARMED.set(armed).map_err(|armed| armed.name)
    }

    pub(super) async fn reached(point: Failpoint) -> Result<(), Error> {
        let Some(armed) = ARMED.get().filter(|armed| armed.name == point.name()) else {
            return Ok(());
        };
        if armed.reached.fetch_add(1, Ordering::Relaxed) + 1 != armed.time {
            return Ok(());
        }
        let failed = || Error::Server { doing: "a failpoint", error: DbError::injected() };
        match &armed.action {
            Action::Fail => Err(failed()),
            Action::Hold(file) => {
                std::fs::write(file, point.name()).map_err(|_| failed())?;
                std::future::pending().await
            }
            Action::Pause(file) => {
                std::fs::write(file, point.name()).map_err(|_| failed())?;
                while file.exists() {
                    tokio::time::sleep(PAUSE_POLL).await;
                }
                Ok(())
            }
        }
    }
}
