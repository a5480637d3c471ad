//! Runs one file in its shape: one transaction, its own block, or step by step under a journal.
//!
//! Invariant: a statement is counted as done only by a write that commits with it or after it.

mod atomic;
mod block;
mod concurrently;
mod failure;
mod journal;
mod journaled;
mod proof;
mod rebuild;
mod statements;
mod timed;
mod transaction;
mod verify;

use std::time::{Duration, Instant};

use xtask_db_history::{Migration, MigrationId, SqlFile};
use xtask_db_sql::{Directive, DirectiveKind, Script, Shape, Step, Syntax, shape, split};

use crate::ledger::{self, Change, NewRow, NewState};
use crate::lock::Held;
use crate::{Error, Observer, Session, meta};

pub(crate) use atomic::atomic;
pub(crate) use failure::not_again;
pub(crate) use journal::{Journal, Way, resumable};
pub(crate) use verify::{verify, verify_rows};

/// How long a concurrent index build may take when nothing else is said.
pub(crate) const INDEX_WAIT: Duration = Duration::from_secs(3600);

/// A file that was split and is ready to run.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// The migration; none for a seed.
    pub(crate) id: Option<&'a MigrationId>,
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) script: Script,
    pub(crate) shape: Shape,
}

impl<'a> Job<'a> {
    /// Splits a file and finds its shape.
    pub(crate) fn read(
        id: Option<&'a MigrationId>,
        file: &'a SqlFile,
        syntax: Syntax,
    ) -> Result<Self, Error> {
        Self::of(id, &file.path, &file.text, syntax)
    }

    /// The same for a text that is not a migration's.
    pub(crate) fn of(
        id: Option<&'a MigrationId>,
        path: &'a str,
        text: &'a str,
        syntax: Syntax,
    ) -> Result<Self, Error> {
        let refuse = |error| Error::Split {
            id: id.cloned(),
            path: path.to_owned(),
            text: text.to_owned(),
            error,
        };
        let script = split(text, syntax).map_err(refuse)?;
        let shape = shape(text, &script, syntax).map_err(refuse)?;
        Ok(Self { id, path, text, script, shape })
    }

    /// Statements that set something for the session, PostgreSQL's `SET`.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &'a str> {
        (0..self.script.statements.len()).map(|at| self.sql(at)).filter(|sql| {
            let mut words = sql.split_whitespace().map(str::to_ascii_lowercase);
            words.next().as_deref() == Some("set") && words.next().as_deref() != Some("local")
        })
    }

    /// The file asks that each statement commits by itself.
    pub(crate) fn autocommit(&self) -> bool {
        let asks = |directive: &Directive| directive.kind == DirectiveKind::NoTransaction;
        self.script.directives.iter().any(asks)
    }

    /// The file changes the role it runs as.
    pub(crate) fn sets_role(&self) -> bool {
        (0..self.script.statements.len()).map(|at| self.sql(at).to_ascii_lowercase()).any(|sql| {
            sql.starts_with("set ") && (sql.contains("role") || sql.contains("authorization"))
        })
    }

    /// How many statements it has.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.script.statements.len()).unwrap_or(u32::MAX)
    }

    /// The text of a statement, from 0.
    pub(crate) fn sql(&self, at: usize) -> &'a str {
        &self.text[self.script.statements[at].span.range()]
    }
}

/// What is written beside the statements.
#[derive(Debug)]
pub(crate) enum Book<'a> {
    /// Nothing: a shadow, a seed.
    None,
    /// The ledger row of a migration.
    Apply {
        held: &'a mut Held,
        migration: &'a Migration,
        /// Keep `down.sql` in the meta table.
        keep_down: bool,
        /// Try again what failed before with the same error.
        retry: bool,
        /// The unfinished row and what is known of it, when a journaled migration goes on.
        resume: Option<Journal>,
    },
    /// The row of a migration that is reverted.
    Revert { held: &'a mut Held, row_id: String },
}

/// How long statements may wait for others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For locks of the server, all tries together.
    pub(crate) locks: Duration,
    /// For the snapshots of other sessions, while an index is built concurrently.
    pub(crate) index: Duration,
}

impl Patience {
    /// With the usual wait for an index.
    pub(crate) const fn of(locks: Duration) -> Self {
        Self { locks, index: INDEX_WAIT }
    }
}

/// What came of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// This many statements were run.
    Done(u32),
    /// Somebody else applied it meanwhile; nothing was run.
    Already,
}

/// Runs a file and writes its book.
pub(crate) async fn run_file(
    session: &mut Session,
    job: &Job<'_>,
    mut book: Book<'_>,
    patience: Patience,
    observer: &mut dyn Observer,
) -> Result<Ran, Error> {
    let ran = match &job.shape {
        // It was begun step by step, and its text was edited since: the rest is one step more.
        Shape::Transaction if book.goes_on(session).await? => {
            let rest = [Step::Together(0..job.script.statements.len())];
            journaled::run(session, job, &rest, &mut book, patience, observer).await
        }
        Shape::Block if book.goes_on(session).await? => {
            let rest = [Step::Block(0..job.script.statements.len())];
            journaled::run(session, job, &rest, &mut book, patience, observer).await
        }
        Shape::Transaction | Shape::Block => {
            transaction::run(session, job, &mut book, patience, observer).await
        }
        Shape::Journaled { steps } => {
            journaled::run(session, job, steps, &mut book, patience, observer).await
        }
    };
    if ran.is_err() {
        // Whatever the file had set is undone, on the way out too.
        let _ = session.fresh().await;
    }
    ran
}

impl Book<'_> {
    /// An earlier run of the file committed step by step and did not come to its end.
    async fn goes_on(&self, session: &mut Session) -> Result<bool, Error> {
        match self {
            Self::None => Ok(false),
            Self::Apply { resume, .. } => Ok(resume.is_some()),
            Self::Revert { row_id, .. } => {
                Ok(resumable(session, Way::Down, row_id).await?.is_some())
            }
        }
    }

    /// The statements of a transaction have run: the deploy lock must still be held.
    async fn keep(&self, session: &mut Session, observer: &mut dyn Observer) -> Result<(), Error> {
        match self {
            Self::None => Ok(()),
            Self::Apply { held, .. } | Self::Revert { held, .. } => {
                held.keep(session, observer).await
            }
        }
    }

    /// Writes a finished transaction's row; `false` when somebody else has applied it.
    async fn finish(
        &mut self,
        session: &mut Session,
        started: Instant,
        steps: u32,
    ) -> Result<bool, Error> {
        match self {
            Self::None => Ok(true),
            Self::Apply { held, migration, keep_down, .. } => {
                let new = NewRow {
                    name: migration.id.as_str(),
                    checksum: &migration.checksum.to_string(),
                    elapsed: started.elapsed(),
                    steps,
                    state: NewState::Finished { ago: Duration::ZERO },
                };
                let (_, written) = ledger::insert(session, held, &new).await?;
                if written && *keep_down {
                    put_down(session, migration).await?;
                }
                Ok(written)
            }
            Self::Revert { held, row_id } => {
                if !ledger::is_current(session, row_id).await? {
                    return Ok(false);
                }
                ledger::update(session, held, row_id, &[Change::RolledBack]).await?;
                Ok(true)
            }
        }
    }

    /// Records an attempt that the transaction undid.
    async fn failed(&mut self, session: &mut Session, started: Instant, error: &Error) {
        let Self::Apply { held, migration, .. } = self else { return };
        let Some(logs) = failure::logs(error) else { return };
        let new = NewRow {
            name: migration.id.as_str(),
            checksum: &migration.checksum.to_string(),
            elapsed: started.elapsed(),
            steps: 0,
            state: NewState::RolledBack(&logs),
        };
        // The error that is being reported matters more than that it cannot be recorded.
        let _ = ledger::insert(session, held, &new).await;
    }
}

/// Keeps the text that reverts a migration.
async fn put_down(session: &mut Session, migration: &Migration) -> Result<(), Error> {
    let Some(down) = &migration.down else { return Ok(()) };
    let sql = meta::put(session, &format!("down:{}", migration.id), &down.text);
    session.tool("keeping down.sql", &sql).await.map(drop)
}
