//! What a caller chooses.

use std::time::Duration;

use xtask_db_history::MigrationId;

use crate::DriftCheck;

/// How a session is set up. All limits are per statement unless said otherwise.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// How long to try to connect.
    pub connect_timeout: Duration,
    /// How long one statement waits for a lock of the server before it is retried.
    pub lock_timeout: Duration,
    /// How long one statement may run; none: no limit.
    pub statement_timeout: Option<Duration>,
    /// PostgreSQL: the search path; none: the URL's `schema`, else the role's own.
    pub search_path: Option<String>,
    /// MySQL: `sql_mode`; none: the server's.
    pub sql_mode: Option<String>,
    /// Statements run once after connecting, e.g. `SET ROLE owner`.
    pub session: Vec<String>,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(3),
            statement_timeout: None,
            search_path: None,
            sql_mode: None,
            session: Vec::new(),
        }
    }
}

/// Who does it, for the holder row and the audit row.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The command, e.g. `deploy`.
    pub command: String,
    /// User, host and process, e.g. `ana@ci-7 pid 4121`.
    pub who: String,
    /// The tool's version.
    pub tool: String,
}

/// How `deploy` and `migrate` apply.
#[derive(Debug, Clone)]
pub struct DeployOptions {
    /// Who does it.
    pub actor: Actor,
    /// How long to wait for the deploy lock.
    pub lock_wait: Duration,
    /// How long a concurrent index build may wait for the transactions of others; then it is
    /// cancelled, and its INVALID index is dropped by the next try.
    pub index_wait: Duration,
    /// Stop after this id; none: all pending.
    pub to: Option<MigrationId>,
    /// All pending in one transaction.
    pub atomic: bool,
    /// Apply what is older than the newest applied.
    pub out_of_order: bool,
    /// Refuse when the database is ahead of the disk.
    pub stop_on_ahead: bool,
    /// Try again what failed before with the same error.
    pub retry: bool,
    /// Apply drafts too; never on a protected marker.
    pub drafts: bool,
    /// The environment named by the caller: must equal the marker; stamped when there is none.
    pub environment: Option<String>,
    /// Marker for a database that has none when `environment` is none.
    pub default_marker: String,
    /// Keep each `down.sql` in the meta table (unprotected databases).
    pub keep_down: bool,
    /// A backup was made or waived: the database's stored policy is satisfied.
    pub backed_up: bool,
    /// Whether the database's stored policy shall require a backup; none: it stays as it is.
    pub require_backup: Option<bool>,
    /// Show what would be run, run nothing.
    pub dry_run: bool,
    /// Look whether the database is what the last deploy left, and write down what this one
    /// leaves.
    pub drift: Option<DriftCheck>,
}

impl Default for DeployOptions {
    fn default() -> Self {
        Self {
            actor: Actor::default(),
            lock_wait: Duration::from_secs(60),
            index_wait: crate::apply::INDEX_WAIT,
            to: None,
            atomic: false,
            out_of_order: false,
            stop_on_ahead: false,
            retry: false,
            drafts: false,
            environment: None,
            default_marker: "deployed".to_owned(),
            keep_down: false,
            backed_up: false,
            require_backup: None,
            dry_run: false,
            drift: None,
        }
    }
}

/// How `down` reverts.
#[derive(Debug, Clone)]
pub struct DownOptions {
    /// Who does it.
    pub actor: Actor,
    /// How long to wait for the deploy lock.
    pub lock_wait: Duration,
    /// Run nothing.
    pub dry_run: bool,
}
