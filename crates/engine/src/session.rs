//! A session: the work connection, set up the same way whatever the role's defaults are.

use xtask_db_sql::{Dialect, Syntax};

use crate::{Error, SessionOptions, Target};

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
    syntax: Syntax,
    server: Server,
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
        let _ = (target.into(), table, options);
        todo!()
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
    pub async fn close(self) {}
}
