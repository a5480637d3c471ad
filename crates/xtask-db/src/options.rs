//! What an application chooses.

use std::time::Duration;

use xtask_db_engine::{Actor, SessionOptions};

/// Whether drafts may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drafts {
    /// A pending draft is an error.
    #[default]
    Refuse,
    /// Drafts are applied like sealed migrations; never on a database marked as protected.
    Allow,
}

/// Whether the database may have migrations that this build does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ahead {
    /// Accepted: a newer release has deployed, and this one still runs beside it.
    #[default]
    Accept,
    /// An error.
    Refuse,
}

/// How [`Migrator::deploy`](crate::Migrator::deploy) applies.
///
/// ```
/// use std::time::Duration;
/// use xtask_db::{DeployOptions, Drafts};
///
/// let options = DeployOptions::new("billing")
///     .environment("production")
///     .lock_wait(Duration::from_secs(30))
///     .drafts(Drafts::Refuse);
/// ```
#[derive(Debug, Clone)]
pub struct DeployOptions {
    pub(crate) engine: xtask_db_engine::DeployOptions,
    pub(crate) session: SessionOptions,
}

impl DeployOptions {
    /// The defaults. `application` is shown to others who wait for the deploy lock.
    #[must_use]
    pub fn new(application: &str) -> Self {
        let actor = Actor {
            command: "deploy".to_owned(),
            who: format!("{application} pid {}", std::process::id()),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let engine = xtask_db_engine::DeployOptions { actor, ..Default::default() };
        Self { engine, session: SessionOptions::default() }
    }

    /// How long to wait for another deployer; 60 s otherwise.
    #[must_use]
    pub const fn lock_wait(mut self, wait: Duration) -> Self {
        self.engine.lock_wait = wait;
        self
    }

    /// How long one statement may run; no limit otherwise.
    #[must_use]
    pub const fn statement_timeout(mut self, limit: Duration) -> Self {
        self.session.statement_timeout = Some(limit);
        self
    }

    /// The environment: must be the one that the database is marked with, and marks a database
    /// that has no mark (`deployed` otherwise).
    #[must_use]
    pub fn environment(mut self, name: &str) -> Self {
        self.engine.environment = Some(name.to_owned());
        self
    }

    /// Whether drafts may be applied; refused otherwise.
    #[must_use]
    pub const fn drafts(mut self, drafts: Drafts) -> Self {
        self.engine.drafts = matches!(drafts, Drafts::Allow);
        self
    }

    /// Whether the database may be ahead of this build; accepted otherwise.
    #[must_use]
    pub const fn ahead(mut self, ahead: Ahead) -> Self {
        self.engine.stop_on_ahead = matches!(ahead, Ahead::Refuse);
        self
    }

    /// Try again what failed before with the same text and the same error; refused otherwise, so
    /// that restarts do not repeat a migration that cannot succeed.
    #[must_use]
    pub const fn retry(mut self, retry: bool) -> Self {
        self.engine.retry = retry;
        self
    }

    /// Apply all pending migrations in one transaction, where each of them can be in one.
    #[must_use]
    pub const fn atomic(mut self, atomic: bool) -> Self {
        self.engine.atomic = atomic;
        self
    }
}

impl Default for DeployOptions {
    fn default() -> Self {
        Self::new("application")
    }
}
