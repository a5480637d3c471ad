//! What happens, told while it happens.

use std::time::Duration;

use xtask_db_history::MigrationId;

use crate::{Applied, BackfillProgress, Error, Holder};

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// The deploy lock is held by somebody else; told once, then every few seconds.
    Waiting {
        /// Who, when known.
        holder: Option<&'a Holder>,
        /// For how long.
        waited: Duration,
    },
    /// A migration starts.
    Started {
        /// The migration.
        id: &'a MigrationId,
        /// Which, from 1.
        number: usize,
        /// Of how many.
        total: usize,
        /// How many statements it has.
        statements: u32,
        /// Statements already committed by an earlier run.
        done: u32,
    },
    /// A statement starts.
    Statement {
        /// Which, from 1.
        statement: u32,
        /// Of how many.
        statements: u32,
        /// Its text.
        sql: &'a str,
    },
    /// A statement is done; on PostgreSQL with what its transaction has locked so far, when the
    /// session was told to trace locks.
    Ran {
        /// Which, from 1.
        statement: u32,
        /// Its text.
        sql: &'a str,
        /// How many rows it changed, as the server counts them.
        rows: u64,
        /// How long it took.
        took: Duration,
        /// Empty where locks are not traced, or cannot be.
        locks: &'a [LockTaken],
    },
    /// A batch of a backfill is committed.
    Batch {
        /// The migration.
        id: &'a MigrationId,
        /// How far the backfill is.
        progress: &'a BackfillProgress,
        /// Keys of the batch, at most.
        size: u64,
    },
    /// A statement waits for a lock of the server and is tried again.
    Retry {
        /// Which attempt comes next, from 2.
        attempt: u32,
        /// What the server said.
        error: &'a str,
    },
    /// A migration is done.
    Finished(&'a Applied),
    /// A migration failed; the error is also returned.
    Failed(&'a Error),
    /// Something worth a line, e.g. `the lease is used: this server has no lock function`.
    Notice(&'a str),
}

/// A lock on a table or an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockTaken {
    /// As PostgreSQL writes its name here.
    pub relation: String,
    /// E.g. `AccessExclusiveLock`.
    pub mode: String,
}

/// Is told what happens.
pub trait Observer: Send {
    /// Something happened.
    fn on(&mut self, event: Event<'_>);
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on(&mut self, _: Event<'_>) {}
}
