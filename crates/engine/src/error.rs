//! Everything that can go wrong below the commands, as facts.

use std::time::Duration;

use xtask_db_history::{DiskProblem, MigrationId, Survey};
use xtask_db_schema::SchemaError;
use xtask_db_sql::{Dialect, Span, SqlError};

use crate::{ForeignLedger, Holder};

/// Why a database URL cannot be used. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Nothing.
    #[error("the database URL is empty")]
    Empty,
    /// Not a scheme of ours.
    #[error("{scheme}: is not a database this tool knows")]
    Scheme {
        /// The scheme, or the start of the text when it has none.
        scheme: String,
    },
    /// Not a URL.
    #[error("the database URL {problem}")]
    Malformed {
        /// E.g. `has no database name`, `has a port that is not a number`.
        problem: String,
    },
    /// A parameter that neither the driver nor this tool knows.
    #[error("the URL parameter {name} is not known")]
    Parameter {
        /// Its name; its value is not shown.
        name: String,
    },
}

/// What a server or driver said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DbError {
    /// The connection is gone or was never made.
    pub connection: bool,
    /// SQLSTATE, five characters; SQLite: the extended result code in decimal.
    pub code: Option<String>,
    /// MySQL's and SQLite's error number.
    pub number: Option<u32>,
    /// The message.
    pub message: String,
    /// PostgreSQL's DETAIL.
    pub detail: Option<String>,
    /// PostgreSQL's HINT.
    pub hint: Option<String>,
    /// Where in the statement, in bytes from its start, when the server says.
    pub offset: Option<usize>,
}

/// What a failed migration left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftAs {
    /// As it was before: the transaction was rolled back.
    Untouched,
    /// The first statements are committed, the failed one is not.
    Partly {
        /// How many statements are committed.
        done: u32,
    },
    /// The first statements are committed; whether the next one is, is not known.
    Unknown {
        /// How many statements are known to be committed.
        done: u32,
    },
}

/// A statement of a file that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The migration; none for a seed.
    pub id: Option<MigrationId>,
    /// The file, as it was named.
    pub path: String,
    /// Its canonical text.
    pub text: String,
    /// The statement's bytes in it.
    pub span: Span,
    /// Which statement, from 1.
    pub statement: u32,
    /// Of how many.
    pub statements: u32,
    /// What the server said.
    pub error: DbError,
    /// What is left.
    pub left: LeftAs,
}

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// Rows of a seed that cannot be put.
    #[error(transparent)]
    Seed(#[from] crate::SeedProblem),
    /// The build has no driver for this database.
    #[error("this build has no driver for {dialect}")]
    NoDriver {
        /// The database.
        dialect: Dialect,
    },
    /// The connection could not be made.
    #[error("cannot connect to {host}: {error}")]
    Connect {
        /// Host and port, socket or file.
        host: String,
        /// What the driver said, without secrets.
        error: DbError,
    },
    /// The server is not what the lock file names.
    #[error("the lock file is for {lock}, the URL is for {url}")]
    Provider {
        /// The lock file's.
        lock: Dialect,
        /// The URL's.
        url: Dialect,
    },
    /// A statement of the tool itself failed: missing rights, a read-only database, …
    #[error("{doing}: {error}")]
    Server {
        /// What was being done, e.g. `reading the ledger`.
        doing: &'static str,
        /// What the server said.
        error: DbError,
    },
    /// A file cannot be split.
    #[error("{path}: {error}")]
    Split {
        /// The migration; none for a seed.
        id: Option<MigrationId>,
        /// The file.
        path: String,
        /// Its text.
        text: String,
        /// Why.
        error: SqlError,
    },
    /// A statement of a migration or a seed failed.
    #[error("{} statement {} of {}: {}", .0.path, .0.statement, .0.statements, .0.error)]
    Failed(Box<Failure>),
    /// A statement of `verify.sql` found something; the migration was undone where DDL can be.
    #[error("{path} statement {statement} of {statements}: {found}")]
    Verify {
        /// The migration.
        id: MigrationId,
        /// The file.
        path: String,
        /// Which statement, from 1.
        statement: u32,
        /// Of how many.
        statements: u32,
        /// What it returned, e.g. `3 rows`, `7`, `a boolean`.
        found: String,
        /// What is left.
        left: LeftAs,
    },
    /// A `backfill.sql` that cannot be run in batches.
    #[error("{path} {problem}")]
    BackfillText {
        /// The migration.
        id: MigrationId,
        /// The file.
        path: String,
        /// E.g. `does not use :from`.
        problem: String,
    },
    /// A batch of a backfill failed; it was rolled back.
    #[error("{} after {batches} batches: {}", .failure.path, .failure.error)]
    BackfillFailed {
        /// What failed.
        failure: Box<Failure>,
        /// How many batches are committed.
        batches: u64,
    },
    /// Every batch of a backfill has run, and its `verify.sql` found something.
    #[error("{path} statement {statement} of {statements} after the backfill: {found}")]
    BackfillVerify {
        /// The migration.
        id: MigrationId,
        /// The file.
        path: String,
        /// Which statement, from 1.
        statement: u32,
        /// Of how many.
        statements: u32,
        /// What it returned.
        found: String,
    },
    /// Another runner is at the backfill.
    #[error("another runner was at the backfill of {id} for {} s", waited.as_secs())]
    BackfillBusy {
        /// The migration.
        id: MigrationId,
        /// How long was waited.
        waited: Duration,
    },
    /// The lag of the replicas is not known.
    #[error("{why}")]
    NoLag {
        /// Why.
        why: &'static str,
    },
    /// The database and the history disagree; nothing was run.
    #[error("the database and the migrations disagree")]
    Conflict(Box<Survey>),
    /// The folder and the lock file disagree; nothing was run.
    #[error("the migrations folder and its lock file disagree")]
    Disk(Vec<DiskProblem>),
    /// Drafts are pending where only sealed migrations may run.
    #[error("drafts are pending")]
    Drafts(Vec<MigrationId>),
    /// Applied by a newer release, and the caller said to stop.
    #[error("the database is ahead of these migrations")]
    Ahead(Vec<String>),
    /// Objects and no ledger of ours.
    #[error("the database has {objects} objects and no {table} table")]
    Unmanaged {
        /// The ledger table.
        table: String,
        /// How many tables and views.
        objects: u64,
        /// Ledgers of other tools found there.
        ledgers: Vec<ForeignLedger>,
    },
    /// The ledger table has other columns.
    #[error("{table} is not a ledger: {problem}")]
    LedgerShape {
        /// The table.
        table: String,
        /// E.g. `it has no column checksum`.
        problem: String,
    },
    /// The meta table was written by a later version.
    #[error("the ledger has format {found}, this version reads {known}")]
    LedgerFormat {
        /// Found.
        found: String,
        /// Read by this version.
        known: u32,
    },
    /// The deploy lock was not obtained in time.
    #[error("the deploy lock was not free within {} s", waited.as_secs())]
    LockTimeout {
        /// How long was waited.
        waited: Duration,
        /// Who holds it, when known.
        holder: Option<Holder>,
    },
    /// A concurrent index build waited too long for the transactions of others.
    #[error("the index of {path} waited {} s for other transactions", waited.as_secs())]
    IndexWait {
        /// The file.
        path: String,
        /// For how long.
        waited: Duration,
    },
    /// The lock was lost while working: another deployer took over; the write was refused.
    #[error("the deploy lock was lost while working")]
    Fenced,
    /// The same text failed with the same error before.
    #[error("{id} failed before with the same error")]
    Repeat {
        /// The migration.
        id: MigrationId,
        /// When, server text.
        at: String,
        /// The recorded error.
        logs: String,
    },
    /// A file that commits step by step needs settings of a session, and behind a transaction
    /// pooler there is none.
    #[error("{path} cannot run behind a transaction pooler: {why}")]
    Pooler {
        /// The file.
        path: String,
        /// What it needs.
        why: String,
    },
    /// `--atomic` with a migration that commits by itself.
    #[error("{id} cannot run inside one transaction with others: {why}")]
    NotAtomic {
        /// The migration.
        id: String,
        /// E.g. `CREATE INDEX CONCURRENTLY`.
        why: String,
    },
    /// A journaled migration cannot be resumed: its first statements are not those that ran.
    #[error("{id}: the {done} statements that already ran are not the ones in the file now")]
    ResumeText {
        /// The migration.
        id: MigrationId,
        /// How many ran.
        done: u32,
    },
    /// The process ended while a statement ran that the server commits by itself; whether it is
    /// done is not known.
    #[error("{path} statement {statement} of {statements}: whether it ran is not known")]
    Unsettled {
        /// The migration.
        id: String,
        /// The file.
        path: String,
        /// Its canonical text.
        text: String,
        /// The statement's bytes in it.
        span: Span,
        /// Which statement, from 1; those before it are committed.
        statement: u32,
        /// Of how many.
        statements: u32,
    },
    /// A rebuild of an SQLite table lost or changed rows.
    #[error("{id}: {problem}")]
    RowLoss {
        /// The migration.
        id: MigrationId,
        /// E.g. `lessons had 12 rows and has 0`.
        problem: String,
    },
    /// The database belongs to another environment.
    #[error("the database is marked {found}, the command was given {given}")]
    Environment {
        /// The marker in the database.
        found: String,
        /// The environment of the command.
        given: String,
    },
    /// A policy stored in the database forbids this.
    #[error("the database requires {policy}")]
    Policy {
        /// E.g. `a backup before deploy`.
        policy: String,
    },
    /// What the caller does before the first statement failed; nothing was run.
    #[error("stopped before the first statement: {why}")]
    Precaution {
        /// Why.
        why: String,
    },
    /// A restore into the database was cut short.
    #[error("the database {database} is not whole: the restore of {file} did not come to its end")]
    HalfRestored {
        /// The database.
        database: String,
        /// The backup's file.
        file: String,
    },
    /// No schema to create tables in.
    #[error("the search path names no schema that exists: {search_path}")]
    NoSchema {
        /// The search path.
        search_path: String,
    },
    /// The search path differs from the one the ledger was made with.
    #[error("the search path is {now}, the ledger was made with {recorded}")]
    SearchPath {
        /// Recorded.
        recorded: String,
        /// Now.
        now: String,
    },
    /// An id that is neither on disk nor in the ledger, or is in a state that forbids the step.
    #[error("{id}: {problem}")]
    Id {
        /// The id as given.
        id: String,
        /// E.g. `is not on disk`, `is not applied`, `has no down.sql`.
        problem: String,
    },
    /// The shadow database is the main one.
    #[error("the shadow database is the database itself")]
    ShadowIsMain,
    /// The database is not what the last deploy left, and the caller said to stop.
    #[error("the schema was changed since the last deploy, outside the migrations")]
    Drift,
    /// There is no plan from one schema to the other.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A statement that was planned does not run on a shadow.
    #[error("a planned statement does not run: {}", .0.error)]
    PlanFails(Box<Failure>),
    /// A statement that was planned, and ran on a shadow, fails on the database.
    #[error("a planned statement failed: {}", .0.error)]
    ChangeFails(Box<Failure>),
    /// A database that was read cannot be made again on a shadow, so that nothing that is planned
    /// for it can be tried.
    #[error("the database cannot be made again on a shadow: {problem}")]
    NotRemade {
        /// What fails, or what differs.
        problem: String,
    },
    /// The plan was run on a shadow and does not lead to the schema it was made for.
    #[error("the planned statements do not lead to the schema")]
    PlanMisses {
        /// What was run.
        planned: String,
        /// What would still have to be done.
        left: String,
    },
    /// Not within the time given.
    #[error("not ready within {} s", waited.as_secs())]
    NotReady {
        /// How long was waited.
        waited: Duration,
        /// The last reason.
        last: String,
    },
    /// The caller cancelled.
    #[error("interrupted")]
    Interrupted,
}
