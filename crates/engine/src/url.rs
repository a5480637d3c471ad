//! Database URLs. The only place that knows a password.
//!
//! Invariant: `Debug` and `Display` never show a secret.

use std::fmt;
use std::path::Path;

use xtask_db_sql::Dialect;

use crate::UrlError;

/// A database URL that was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct DbUrl {
    dialect: Dialect,
    text: String,
}

impl DbUrl {
    /// Reads a URL. `base` is where a relative SQLite path starts.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn parse(text: &str, base: &Path) -> Result<Self, UrlError> {
        let _ = (text, base);
        todo!()
    }

    /// The database family.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Host and port, a socket's folder, or `file`.
    #[must_use]
    pub fn host(&self) -> String {
        todo!()
    }

    /// The database's name, or the file's path.
    #[must_use]
    pub fn database(&self) -> String {
        todo!()
    }

    /// Prisma's `?schema=`.
    #[must_use]
    pub fn schema(&self) -> Option<String> {
        todo!()
    }

    /// The URL with its password as `***`.
    #[must_use]
    pub fn masked(&self) -> String {
        let _ = &self.text;
        todo!()
    }

    /// The same server, another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let _ = name;
        todo!()
    }
}

impl fmt::Display for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DbUrl({self})")
    }
}
