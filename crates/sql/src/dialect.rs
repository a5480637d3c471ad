//! The three dialects and the settings that change how their text is read.

use std::fmt;
use std::str::FromStr;

/// A database family. MariaDB is `Mysql`; where the two differ the engine asks the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
}

impl Dialect {
    /// The name in the lock file and in `migration_lock.toml`: `sqlite`, `postgresql`, `mysql`.
    #[must_use]
    pub const fn provider(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
            Self::Mysql => "mysql",
        }
    }

    /// Whether a schema change can be rolled back.
    #[must_use]
    pub const fn transactional_ddl(self) -> bool {
        !matches!(self, Self::Mysql)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.provider())
    }
}

impl FromStr for Dialect {
    type Err = ();

    /// Reads a provider name; `postgres`, `mariadb` and the like are accepted too.
    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "sqlite" => Ok(Self::Sqlite),
            "postgresql" | "postgres" => Ok(Self::Postgres),
            "mysql" | "mariadb" => Ok(Self::Mysql),
            _ => Err(()),
        }
    }
}

/// A dialect with the session settings that the lexer must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Syntax {
    /// The dialect.
    pub dialect: Dialect,
    /// A backslash escapes inside `'…'` (MySQL without `NO_BACKSLASH_ESCAPES`; PostgreSQL with
    /// `standard_conforming_strings = off`).
    pub backslash_escapes: bool,
    /// `"…"` is an identifier (always, but for MySQL without `ANSI_QUOTES`).
    pub ansi_quotes: bool,
}

impl Syntax {
    /// The server's defaults.
    #[must_use]
    pub const fn of(dialect: Dialect) -> Self {
        let mysql = matches!(dialect, Dialect::Mysql);
        Self { dialect, backslash_escapes: mysql, ansi_quotes: !mysql }
    }
}
