//! A session: the work connection, set up the same way whatever the role's defaults are.
//!
//! Invariant: each migration starts from the same session state, whatever the one before did.

use std::path::Path;
use std::time::{Duration, Instant};

use xtask_db_sql::{Dialect, Syntax, literal};

use crate::conn::{Conn, TextRow};
use crate::names::Names;
use crate::setup::{self, Probe};
use crate::work::Work;
use crate::{DbError, DbUrl, Error, Prepared, SessionOptions, Target};

/// SQLite: how long bookkeeping waits for its turn to write. The driver waits some seconds by
/// itself.
const TURN_MAX: Duration = Duration::from_secs(60);
/// SQLite: the pause before it is tried again.
const TURN_POLL: Duration = Duration::from_millis(50);
/// MySQL: the query was empty.
const MYSQL_EMPTY: u32 = 1065;

/// The server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// `SQLite`, `PostgreSQL`, `MySQL`, `MariaDB`.
    pub name: &'static str,
    /// Its version's text.
    pub version: String,
    /// The current database, or the file.
    pub database: String,
}

/// A session on a database.
#[derive(Debug)]
pub struct Session {
    /// Runs migrations and bookkeeping.
    work: Work,
    /// The tool's tables.
    pub(crate) names: Names,
    /// PostgreSQL: the search path in force.
    pub(crate) search_path: Option<String>,
    syntax: Syntax,
    server: Server,
    prelude: String,
    /// PostgreSQL: the settings of one transaction.
    local: String,
    /// The connection is the server's own. False until that is known, and behind a transaction
    /// pooler for good: settings are sent with each transaction then.
    direct: bool,
    own_role: String,
    placed: bool,
    /// A transaction of the file's own may be open.
    in_block: bool,
    backend: Option<String>,
    target: Target,
    restore: String,
    /// What statements lock is asked for after each.
    pub(crate) traces_locks: bool,
}

impl Session {
    /// Connects and sets the session up. `table` is the ledger's name. Creates nothing.
    ///
    /// # Errors
    /// `Error::Url`, `Error::NoDriver`, `Error::Connect`, `Error::NoSchema`.
    pub async fn open(
        target: impl Into<Target>,
        table: &str,
        options: &SessionOptions,
    ) -> Result<Self, Error> {
        let target = match target.into() {
            Target::Text(text) => Target::Url(DbUrl::parse(&text, Path::new(""))?),
            target => target,
        };
        let opening = Self::set_up(target, table, options);
        match tokio::time::timeout(options.connect_timeout, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(Error::NotReady {
                waited: options.connect_timeout,
                last: "the server did not answer".to_owned(),
            }),
        }
    }

    async fn set_up(target: Target, table: &str, options: &SessionOptions) -> Result<Self, Error> {
        let mut work = Conn::of(&target).await?;
        let url_schema = match &target {
            Target::Url(url) => url.schema(),
            _ => None,
        };
        let doing = |error| Error::Server { doing: "setting up the session", error };
        let Probe { server, syntax, backend, restore, prelude, local, own_role, placed } =
            setup::probe(&mut work, options, url_schema.as_deref()).await.map_err(doing)?;
        let dialect = syntax.dialect;
        let direct = dialect != Dialect::Postgres;
        let settings = if direct { &prelude } else { &local };
        let place = setup::place(&mut work, settings).await.map_err(doing)?;
        if dialect != Dialect::Sqlite && place.schema.is_none() {
            return Err(Error::NoSchema { search_path: place.search_path.unwrap_or_default() });
        }
        let work = Work::new(work, &target, backend.clone().filter(|_| direct)).await;
        Ok(Self {
            work,
            names: Names::new(dialect, place.schema.as_deref(), table),
            search_path: place.search_path,
            syntax,
            server,
            prelude,
            local,
            direct,
            own_role,
            placed,
            in_block: false,
            backend,
            target,
            restore,
            traces_locks: false,
        })
    }

    /// The database family.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.syntax.dialect
    }

    /// How the server reads text.
    #[must_use]
    pub const fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The server.
    #[must_use]
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// PostgreSQL: tells with each statement what its transaction has locked, at the price of a
    /// query after each.
    pub const fn trace_locks(&mut self) {
        self.traces_locks = true;
    }

    /// Whether the connection is the server's own, not one of a transaction pooler.
    ///
    /// # Errors
    /// The server cannot be asked.
    pub async fn reaches_server(&mut self) -> Result<bool, Error> {
        crate::lock::settle_settings(self).await?;
        Ok(self.direct)
    }

    /// Ends the session; a pool's connection goes back.
    pub async fn close(self) {
        self.work.close(&self.restore).await;
    }

    /// The statement that gives up the lease which is held from now on, for a run that is cut
    /// short; none once it is given up.
    pub(crate) fn give_up_with(&mut self, sql: Option<String>) {
        self.work.set_give_up(sql);
    }

    /// Runs statements on the work connection.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64, DbError> {
        match self.work.run(sql).await {
            // `/*!99999 … */` alone is nothing to an older server.
            Err(error) if error.number == Some(MYSQL_EMPTY) && self.is_mysql() => Ok(0),
            done => done,
        }
    }

    fn is_mysql(&self) -> bool {
        self.dialect() == Dialect::Mysql
    }

    /// Reads rows on the work connection.
    pub(crate) async fn rows(&mut self, sql: &str) -> Result<Vec<TextRow>, DbError> {
        self.work.rows(sql).await
    }

    /// What the server says of a query, which is not run.
    pub(crate) async fn prepare(&mut self, sql: &str) -> Result<Prepared, DbError> {
        self.work.prepare(sql).await
    }

    /// Runs statements of the tool itself; again on SQLite while others write one after the other.
    pub(crate) async fn tool(&mut self, doing: &'static str, sql: &str) -> Result<u64, Error> {
        let started = Instant::now();
        loop {
            let done = match self.direct {
                true => self.run(sql).await,
                false => self.run(&format!("{}{sql}", self.local)).await,
            };
            match done {
                Err(error) if self.turn_comes(&error) && started.elapsed() < TURN_MAX => {
                    tokio::time::sleep(TURN_POLL).await;
                }
                done => return done.map_err(|error| Error::Server { doing, error }),
            }
        }
    }

    /// SQLite: another writer is in the way, and ends without this session giving way. In a block
    /// of the file's own it may be that each waits for the other.
    fn turn_comes(&self, error: &DbError) -> bool {
        self.dialect() == Dialect::Sqlite && !self.in_block && error.busy()
    }

    /// A block of the file's own begins or has ended.
    pub(crate) const fn set_in_block(&mut self, in_block: bool) {
        self.in_block = in_block;
    }

    /// Reads rows for the tool itself; what the server says when it cannot be done.
    pub(crate) async fn ask(&mut self, sql: &str) -> Result<Vec<TextRow>, DbError> {
        match self.direct {
            true => self.rows(sql).await,
            false => self.rows(&format!("{}{sql}", self.local)).await,
        }
    }

    /// [`Self::ask`] outside a transaction, again when the server chose to end it: on Galera the
    /// CREATE TABLE of another deployer does that also to a query (MySQL 1213).
    pub(crate) async fn look(&mut self, sql: &str) -> Result<Vec<TextRow>, DbError> {
        let mut tries = crate::ledger::AGAIN_MAX;
        loop {
            match self.ask(sql).await {
                Err(error) if tries > 0 && error.number == Some(1213) => tries -= 1,
                found => return found,
            }
        }
    }

    /// Reads rows for the tool itself.
    pub(crate) async fn read(
        &mut self,
        doing: &'static str,
        sql: &str,
    ) -> Result<Vec<TextRow>, Error> {
        self.ask(sql).await.map_err(|error| Error::Server { doing, error })
    }

    /// What brings the session back to its first state; run before each migration.
    pub(crate) fn prelude(&self) -> &str {
        if self.direct { &self.prelude } else { &self.local }
    }

    /// Brings the session back to its first state.
    pub(crate) async fn fresh(&mut self) -> Result<(), Error> {
        let settings = self.prelude().to_owned();
        let done = self.run(&settings).await;
        done.map(drop).map_err(|error| Error::Server { doing: "resetting the session", error })
    }

    /// The search path is configured, not the role's own.
    pub(crate) const fn placed(&self) -> bool {
        self.placed
    }

    /// PostgreSQL, in a transaction: bookkeeping is done as the session's own role, whatever the
    /// file has set.
    pub(crate) async fn own_role(&mut self) -> Result<(), Error> {
        let sql = self.own_role.clone();
        let done = self.run(&sql).await;
        done.map(drop).map_err(|error| Error::Server { doing: "resetting the role", error })
    }

    /// Commits. Behind a pooler what the file has set must not stay with the server's session.
    pub(crate) async fn commit(&mut self) -> Result<u64, DbError> {
        if self.direct {
            return self.run("COMMIT").await;
        }
        self.run("RESET SESSION AUTHORIZATION; RESET ALL; COMMIT").await
    }

    /// Where the session is connected to.
    pub(crate) const fn target(&self) -> &Target {
        &self.target
    }

    /// The server's id of the session, where it is this session's alone.
    pub(crate) fn backend(&self) -> Option<&str> {
        self.backend.as_deref().filter(|_| self.direct)
    }

    /// The settings hold for the session.
    pub(crate) const fn direct(&self) -> bool {
        self.direct
    }

    /// The connection is the server's own: the settings are made for the session from here on.
    pub(crate) async fn set_direct(&mut self) -> Result<(), Error> {
        self.direct = true;
        self.work.set_backend(self.backend.clone());
        self.fresh().await
    }

    /// A setting that each migration starts with from here on.
    pub(crate) async fn always(&mut self, setting: &str) -> Result<(), Error> {
        self.prelude.push_str(setting);
        self.tool("setting the session up", setting).await.map(drop)
    }

    /// Marks the session with the lock it has: a later owner finds what it still runs.
    pub(crate) async fn mark(&mut self, name: &str) -> Result<(), Error> {
        if self.dialect() != Dialect::Postgres {
            return Ok(());
        }
        let name = self.lit(name);
        self.prelude.push_str(&format!("SET application_name = {name}; "));
        self.local.push_str(&format!("SET LOCAL application_name = {name}; "));
        if self.direct { self.fresh().await } else { Ok(()) }
    }

    /// The statement that opens a transaction of the tool.
    pub(crate) const fn begin(&self) -> &'static str {
        match self.syntax.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            Dialect::Mysql => "START TRANSACTION",
        }
    }

    /// A string as SQL text.
    pub(crate) fn lit(&self, value: &str) -> String {
        literal(self.syntax, value)
    }
}
