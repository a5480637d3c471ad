//! Backfills, run by the application itself.

use std::time::Duration;

use xtask_db_engine::{
    Actor, BackfillReport, BackfillState, Session, SessionOptions, Silent, Target, backfill,
    backfills,
};

use crate::{Error, Migrator};

/// How [`Migrator::backfill`] runs.
///
/// ```
/// use std::time::Duration;
/// use xtask_db::BackfillOptions;
///
/// let options = BackfillOptions::new("billing")
///     .batch_time(Duration::from_millis(100))
///     .rest(Duration::from_millis(20));
/// ```
#[derive(Debug, Clone)]
pub struct BackfillOptions {
    engine: xtask_db_engine::BackfillOptions,
}

impl BackfillOptions {
    /// The defaults. `application` is kept beside the progress.
    #[must_use]
    pub fn new(application: &str) -> Self {
        let actor = Actor {
            command: "backfill".to_owned(),
            who: format!("{application} pid {}", std::process::id()),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
        };
        Self { engine: xtask_db_engine::BackfillOptions { actor, ..Default::default() } }
    }

    /// How long a batch may hold its rows; 200 ms otherwise.
    #[must_use]
    pub const fn batch_time(mut self, time: Duration) -> Self {
        self.engine.batch_time = time;
        self
    }

    /// Rest between batches; none otherwise.
    #[must_use]
    pub const fn rest(mut self, rest: Duration) -> Self {
        self.engine.pause = rest;
        self
    }

    /// Wait while a replica is further behind, on PostgreSQL.
    #[must_use]
    pub const fn max_lag(mut self, lag: Duration) -> Self {
        self.engine.max_lag = Some(lag);
        self
    }

    /// How long to wait for another runner; 60 s otherwise.
    #[must_use]
    pub const fn lock_wait(mut self, wait: Duration) -> Self {
        self.engine.lock_wait = wait;
        self
    }

    /// The environment: must be the one that the database is marked with, where there is a mark.
    #[must_use]
    pub fn environment(mut self, name: &str) -> Self {
        self.engine.environment = Some(name.to_owned());
        self
    }
}

impl Default for BackfillOptions {
    fn default() -> Self {
        Self::new("application")
    }
}

impl Migrator {
    /// Runs the backfills of the applied migrations that are not done, in order, each from where
    /// it is; those that a person holds are left out. It may take hours: run it beside the
    /// service, and [`deploy`](Migrator::deploy) again for what waited. Any number of replicas may
    /// call it. Dropping the future ends it; the next call goes on.
    ///
    /// # Errors
    /// [`Error::Engine`] when a batch or the verify failed, or another runner was at it for longer
    /// than the wait.
    pub async fn backfill(
        &self,
        target: impl Into<Target>,
        options: &BackfillOptions,
    ) -> Result<Vec<BackfillReport>, Error> {
        let history = self.history()?;
        let mut session = Session::open(target, self.table(), &SessionOptions::default()).await?;
        let done = async {
            let ledger = xtask_db_engine::inspect(&mut session, &history).await?.ledger;
            let mut reports = Vec::new();
            for one in backfills(&history, &ledger)? {
                if !matches!(one.progress.state, BackfillState::Done | BackfillState::Paused) {
                    let (id, how) = (&one.id, &options.engine);
                    reports.push(backfill(&mut session, &history, id, how, &mut Silent).await?);
                }
            }
            Ok(reports)
        }
        .await;
        session.close().await;
        done
    }
}
