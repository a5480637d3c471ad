//! What a command can fail with. The code, the exit status and the hint of each are in `codes`.

use std::path::PathBuf;

use xtask_db_engine::{Backfilling, Counted, Failure, UrlError, WaitsFor};
use xtask_db_history::{Breach, DiskProblem, FolderError, IdError, LockError, MigrationId, Survey};
use xtask_db_schema::Guess;
use xtask_db_sql::Dialect;

use crate::branch::OnMissing;
use crate::missing::Gone;
use crate::out_of_order::Late;
use crate::schema::{Drift, DropAll};

/// A fault of the configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigFault {
    #[error("{table} has an unknown key {key}")]
    Key { table: String, key: String, nearest: Option<&'static str> },
    #[error("{table}: {key} must be {expected}")]
    Kind { table: String, key: String, expected: &'static str },
    #[error("{key} is {value} ({origin}); it must be {expected}")]
    Choice { key: &'static str, value: String, origin: String, expected: &'static str },
    #[error("cargo metadata failed: {said}")]
    Cargo { said: String },
    #[error("{path}: {said}", path = path.display())]
    File { path: PathBuf, said: String },
    /// The file of `stats`.
    #[cfg(feature = "lint")]
    #[error("{path}: {said}", path = path.display())]
    Sizes { path: PathBuf, said: String },
    #[error("there is no package {name}")]
    Package { name: String, known: Vec<String> },
    #[error("several packages have a database: {}", known.join(", "))]
    Packages { known: Vec<String> },
    #[error("there is no environment {name}")]
    Environment { name: String, known: Vec<String> },
    #[error("the variable {name} is not set; it is named by {origin}")]
    Unset { name: String, origin: String },
    #[error("the environment {environment} has no url")]
    NoUrl { environment: String },
    #[error("no database URL is given, and there is no default for {provider}")]
    NoDefault { provider: Dialect },
    #[error("{problem} ({origin})")]
    Url { origin: String, problem: UrlError },
}

/// What a command can fail with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Config(#[from] ConfigFault),
    #[error("{0}")]
    Usage(String),
    #[error("{path} does not exist", path = path.display())]
    NoFolder { path: PathBuf },
    #[error("{} problems in the migrations folder", .0.len())]
    Folder(Vec<FolderError>),
    #[error("{path}: {problem}", path = path.display())]
    Lock { path: PathBuf, problem: LockError },
    #[error("{} problems between the migrations and their lock file", .0.len())]
    Disk(Vec<DiskProblem>),
    /// The same in development, where some of them are the person's own.
    #[error("{} problems between the migrations and their lock file", problems.len())]
    Edited { problems: Vec<DiskProblem>, own: Vec<MigrationId> },
    /// A migration that does not run on a shadow.
    #[error("{} does not run on a shadow", failure.path)]
    Shadow { failure: Box<Failure>, sealed: bool },
    /// A declared schema that cannot be read.
    #[error("{path}: {problem}", path = path.display())]
    SchemaFile { path: PathBuf, problem: String },
    /// A declared schema that the server does not take.
    #[error("{} statement {} of {} does not run", .0.path, .0.statement, .0.statements)]
    SchemaFails(Box<Failure>),
    /// A rename that was told and fits neither schema.
    #[error("--rename {text}: {problem}")]
    Rename { text: String, problem: String },
    /// What is gone may be what is new, and nobody can be asked.
    #[error("{} may be renames", guesses.len())]
    RenameOpen { guesses: Vec<Guess> },
    /// Rows and values would be lost, and nobody can be asked.
    #[error("{} losses of data", .0.len())]
    DataLoss(Vec<Counted>),
    /// Pending migrations that lose rows of this database, a line each.
    #[error("pending migrations lose rows of this database")]
    #[cfg(feature = "lint")]
    PendingLoss(Vec<String>),
    /// Statements would fail on the rows that are there.
    #[error("{} statements would fail on the rows of your database", .0.len())]
    Unexecutable(Vec<Counted>),
    /// Nearly everything would be dropped.
    #[error("{} of {} tables would be dropped", .0.dropped.len(), .0.tables)]
    DropAll(DropAll),
    /// The database was changed beside the migrations, and nobody can be asked.
    #[error("the database was changed outside the migrations")]
    Drift(Box<Drift>),
    /// The order of a migration and the later ones matters.
    #[error("the order matters: with {id} after the later ones the schema is another")]
    Order { id: MigrationId, details: Vec<String> },
    /// Two schemas differ.
    #[error("{0}")]
    Differ(String),
    /// Applied migrations that are not on disk, and the answer that does not fit them all.
    #[error("{} applied migrations are not on this branch", found.len())]
    Missing { found: Vec<Gone>, answer: Option<OnMissing> },
    /// Pending migrations that are older than the newest applied.
    #[error("{} migrations are older than the newest applied", .0.own.len() + .0.others.len())]
    OutOfOrder(Late),
    /// Migrations that cannot be reverted, and why.
    #[error("{} migrations cannot be reverted", .0.len())]
    NoWayBack(Vec<(MigrationId, String)>),
    #[error("{} sealed migrations were changed since {rev}", breaches.len())]
    Against { rev: String, breaches: Vec<Breach> },
    /// There is no revision to compare with.
    #[error(transparent)]
    NoBase(#[from] crate::against::NoBase),
    /// A workspace that `init` does not touch as it is.
    #[error("{} problems in the workspace; nothing was written", .0.len())]
    Init(Vec<crate::init::Problem>),
    /// Another tool's history that cannot be taken over as it is.
    #[error("{} problems in the {tool} history; nothing was changed", problems.len())]
    Adopt { tool: &'static str, problems: Vec<crate::adopt::Problem> },
    #[error("{name:?} is no name for a migration: {problem}")]
    Name { name: String, problem: IdError },
    #[error("{id} is not in the migrations folder")]
    NoMigration { id: String },
    #[error("{id} is not yours to change: {why}")]
    NotOwn { id: MigrationId, why: String },
    #[error("{id}: {problem}")]
    Migration { id: String, problem: String, hint: String },
    /// The database is behind: `status`, `wait --applied`.
    #[error("the database is behind")]
    Behind(Box<Survey>),
    /// Backfills that are not done, and what waits for one.
    #[error("{}", unfilled(waiting.as_ref(), left))]
    Unfilled { waiting: Option<WaitsFor>, left: Vec<Backfilling> },
    #[error("{command} is for development, and {why}")]
    Protected { command: &'static str, why: Why },
    #[error("{question}")]
    Unconfirmed { question: String, flag: String },
    #[error("not confirmed")]
    Declined,
    #[error("{what}")]
    Refused { what: String, hint: String },
    #[error("generator {number} of {total} failed: {command} ({status})")]
    Generator { number: usize, total: usize, command: String, status: String },
    /// Columns for which `generate` knows no Rust type.
    #[error("{} columns have no Rust type", .0.len())]
    Types(Vec<xtask_db_schema::rust::Unknown>),
    /// The file of the Rust types is not what `generate` writes now.
    #[error("{path} is not up to date", path = path.display())]
    StaleTypes { path: PathBuf },
    #[error("the seed command failed: {command} ({status})")]
    SeedCommand { command: String, status: String },
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Internal(String),
    /// The proof of `lint` needs prepared statements.
    #[cfg(feature = "lint")]
    #[error("queries cannot be tried behind a transaction pooler")]
    Pooled,
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupFault),
    #[error(transparent)]
    Engine(#[from] xtask_db_engine::Error),
    #[error("interrupted")]
    Interrupted { term: bool },
}

fn unfilled(waiting: Option<&WaitsFor>, left: &[Backfilling]) -> String {
    match waiting {
        Some(WaitsFor { id, backfill }) => format!("{id} waits for the backfill of {backfill}"),
        None => match left {
            [one] => format!("the backfill of {} is not done", one.id),
            _ => format!("{} backfills are not done", left.len()),
        },
    }
}

/// Why a command for development refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// The environment that was named is protected.
    Environment(String),
    /// The marker in the database is another environment's.
    Marker(String),
    /// Objects, and no marker.
    Unmarked { objects: u64 },
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "the environment {name} is protected"),
            Self::Marker(name) => write!(f, "this database is marked {name}"),
            Self::Unmarked { objects } => {
                write!(f, "this database has {objects} tables or views and no marker")
            }
        }
    }
}

#[cfg(feature = "lint")]
impl Fault {
    /// There is no database to ask, it does not answer, or stands behind a pooler.
    pub(crate) const fn no_database(&self) -> bool {
        use xtask_db_engine::Error;
        let unset = ConfigFault::is_unset;
        match self {
            Self::Config(fault) => unset(fault),
            Self::Engine(Error::Connect { .. } | Error::NotReady { .. }) | Self::Pooled => true,
            _ => false,
        }
    }
}

#[cfg(feature = "lint")]
impl ConfigFault {
    /// Nobody said which database is meant.
    const fn is_unset(&self) -> bool {
        matches!(self, Self::Unset { .. } | Self::NoUrl { .. } | Self::NoDefault { .. })
    }
}
