//! Ends a journaled file: its verify, its row, its journal; and notes why it did not come so far.

use xtask_db_history::Migration;

use super::Course;
use crate::apply::{Book, Job, failure, put_down, verify};
use crate::error::LeftAs;
use crate::ledger::{self, Change};
use crate::lock::Held;
use crate::{Error, Failpoint, Observer, Session, meta};

impl Course {
    /// Verifies, and closes the row.
    pub(super) async fn finish(
        self,
        session: &mut Session,
        job: &Job<'_>,
        book: &mut Book<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let Some(journal) = self.journal else { return Ok(()) };
        book.keep(session, observer).await?;
        let (held, changes, keep): (&Held, Vec<Change<'_>>, Option<&Migration>) = match book {
            Book::None => return Ok(()),
            Book::Revert { held, .. } => (held, vec![Change::RolledBack], None),
            Book::Apply { held, migration, keep_down, .. } => {
                let left = LeftAs::Partly { done: job.len() };
                if let Err(error) = verify(session, migration, left).await {
                    note(session, held, &journal.row_id, &error).await;
                    return Err(error);
                }
                let checksum = Change::Checksum(migration.checksum);
                (held, vec![Change::Finished(job.len()), checksum], keep_down.then_some(*migration))
            }
        };
        if self.foreign_keys_off {
            session.tool("turning foreign keys on", "PRAGMA foreign_keys = ON").await?;
        }
        Failpoint::Closing.reached().await?;
        let (key, row_id) = (journal.key(self.way), &journal.row_id);
        let mut tries = ledger::AGAIN_MAX;
        loop {
            session.tool("opening a transaction", session.begin()).await?;
            let closed = close(session, held, row_id, &changes, &key, keep).await;
            if closed.is_err() {
                let _ = session.run("ROLLBACK").await;
            }
            match closed {
                Err(error) if tries > 0 && ledger::chosen(&error) => tries -= 1,
                closed => return closed,
            }
        }
    }

    /// Records the error in the row.
    pub(super) async fn note(&self, session: &mut Session, book: &Book<'_>, error: &Error) {
        if let (Some(journal), Book::Apply { held, .. }) = (&self.journal, book) {
            note(session, held, &journal.row_id, error).await;
        }
    }
}

async fn close(
    session: &mut Session,
    held: &Held,
    row_id: &str,
    changes: &[Change<'_>],
    key: &str,
    keep_down: Option<&Migration>,
) -> Result<(), Error> {
    ledger::update(session, held, row_id, changes).await?;
    let remove = meta::remove(session, key);
    session.tool("closing the journal", &remove).await?;
    if let Some(migration) = keep_down {
        put_down(session, migration).await?;
    }
    session.tool("committing the migration", "COMMIT").await.map(drop)
}

async fn note(session: &mut Session, held: &Held, row_id: &str, error: &Error) {
    if let Some(logs) = failure::logs(error) {
        // The error that is being reported matters more than that it cannot be recorded.
        let _ = ledger::update(session, held, row_id, &[Change::Logs(Some(&logs))]).await;
    }
}
