//! MySQL `LOCK TABLES … UNLOCK TABLES`, as a dump has around each table. In between no other table
//! can be written, the tool's neither, and a `START TRANSACTION` would end the locks. So these
//! statements run as they stand and are counted together.

use std::ops::Range;

use xtask_db_sql::Dialect;

use super::Course;
use crate::apply::{Book, Job, failure, timed};
use crate::error::LeftAs;
use crate::{Error, Event, Observer, Session};

/// The statements from a `LOCK TABLES` to its `UNLOCK TABLES`, both included; none for any other
/// statement.
pub(super) fn locked(session: &Session, job: &Job<'_>, at: usize) -> Option<Range<usize>> {
    let is = |at: usize, verb: &str| {
        let mut words = job.sql(at).split_whitespace();
        let noun =
            |word: &str| word.eq_ignore_ascii_case("tables") || word.eq_ignore_ascii_case("table");
        words.next().is_some_and(|word| word.eq_ignore_ascii_case(verb))
            && words.next().is_some_and(noun)
    };
    if session.dialect() != Dialect::Mysql || !is(at, "lock") {
        return None;
    }
    let count = job.script.statements.len();
    let end = (at + 1..count).find(|&at| is(at, "unlock")).map_or(count, |at| at + 1);
    Some(at..end)
}

impl Course {
    /// Runs them; each commits by itself.
    pub(super) async fn under_locks(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        range: Range<usize>,
        book: &mut Book<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let start = u32::try_from(range.start).unwrap_or(u32::MAX);
        self.mark(session, Some(start)).await?;
        for at in range {
            let statement = u32::try_from(at + 1).unwrap_or(u32::MAX);
            observer.on(Event::Statement { statement, statements: job.len(), sql: job.sql(at) });
            let Err(error) = timed::run(session, job, at, observer).await else { continue };
            let known = self.unlock_and_count(session, job, at, book).await;
            if !error.connection && known.is_ok() {
                self.steps = at;
                return Err(failure::at(job, at, self.left(), error));
            }
            return Err(failure::at(job, at, LeftAs::Unknown { done: start }, error));
        }
        // The file may end without it.
        session.tool("unlocking the tables", "UNLOCK TABLES").await.map(drop)
    }

    /// The server refused a statement: those before it are committed.
    async fn unlock_and_count(
        &mut self,
        session: &mut Session,
        job: &Job<'_>,
        at: usize,
        book: &mut Book<'_>,
    ) -> Result<(), Error> {
        session.tool("unlocking the tables", "UNLOCK TABLES").await?;
        self.count(session, job, at, book).await
    }
}
