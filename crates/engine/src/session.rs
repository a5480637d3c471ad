//! A session: the work connection, set up the same way whatever the role's defaults are.
//!
//! Invariant: each migration starts from the same session state, whatever the one before did.

use std::path::Path;

use xtask_db_sql::{Dialect, Syntax, literal};

use crate::conn::{Conn, TextRow};
use crate::flight::Flight;
use crate::names::Names;
use crate::setup::{self, Probe};
use crate::{DbError, DbUrl, Error, SessionOptions, Target};

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
    pub(crate) work: Conn,
    /// The tool's tables.
    pub(crate) names: Names,
    /// PostgreSQL: the search path in force.
    pub(crate) search_path: Option<String>,
    flight: Flight,
    syntax: Syntax,
    server: Server,
    prelude: String,
    restore: String,
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
        let Probe { server, syntax, backend, restore, prelude } =
            setup::probe(&mut work, options, url_schema.as_deref()).await.map_err(doing)?;
        let place = setup::place(&mut work, &prelude).await.map_err(doing)?;
        let dialect = syntax.dialect;
        if dialect != Dialect::Sqlite && place.schema.is_none() {
            return Err(Error::NoSchema { search_path: place.search_path.unwrap_or_default() });
        }
        let flight = Flight::new(&target, backend);
        work.watch(flight.flag()).await;
        Ok(Self {
            work,
            names: Names::new(dialect, place.schema.as_deref(), table),
            search_path: place.search_path,
            flight,
            syntax,
            server,
            prelude,
            restore,
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

    /// Ends the session; a pool's connection goes back.
    pub async fn close(mut self) {
        self.flight.land();
        #[cfg(feature = "sqlite")]
        if let Conn::Pooled(_) = &self.work {
            // A run that was cut short may have left one, where the settings could not be changed.
            let _ = self.work.run("ROLLBACK").await;
            self.work.unwatch().await;
            let restored = self.work.run(&self.restore).await.is_ok();
            if let Conn::Pooled(lent) = &mut self.work {
                lent.restored = restored;
            }
        }
        let _ = &self.restore;
        self.work.close().await;
    }

    /// Runs statements on the work connection.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64, DbError> {
        self.flight.take_off();
        let done = self.work.run(sql).await;
        self.flight.land();
        match done {
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
        self.flight.take_off();
        let rows = self.work.rows(sql).await;
        self.flight.land();
        rows
    }

    /// Runs statements of the tool itself.
    pub(crate) async fn tool(&mut self, doing: &'static str, sql: &str) -> Result<u64, Error> {
        self.run(sql).await.map_err(|error| Error::Server { doing, error })
    }

    /// Reads rows for the tool itself.
    pub(crate) async fn read(
        &mut self,
        doing: &'static str,
        sql: &str,
    ) -> Result<Vec<TextRow>, Error> {
        self.rows(sql).await.map_err(|error| Error::Server { doing, error })
    }

    /// What brings the session back to its first state; run before each migration.
    pub(crate) fn prelude(&self) -> &str {
        &self.prelude
    }

    /// Brings the session back to its first state.
    pub(crate) async fn fresh(&mut self) -> Result<(), Error> {
        let prelude = self.prelude.clone();
        self.tool("resetting the session", &prelude).await.map(drop)
    }

    /// The statement that opens a transaction of the tool.
    pub(crate) const fn begin(&self) -> &'static str {
        match self.syntax.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
            Dialect::Mysql => "START TRANSACTION",
        }
    }

    /// A string as SQL text.
    pub(crate) fn lit(&self, value: &str) -> String {
        literal(self.syntax, value)
    }
}
