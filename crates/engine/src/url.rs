//! Database URLs. The only place that knows a password.
//!
//! Invariant: `Debug`, `Display` and every error never show a secret.

mod client;
mod drivers;
mod file;
mod params;
mod server;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use xtask_db_sql::Dialect;

use crate::UrlError;
pub use client::Client;
use file::FileUrl;
use server::ServerUrl;

/// How much of a text without a scheme an error shows.
const SHOWN_MAX_CHARS: usize = 16;

/// A database URL that was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct DbUrl {
    dialect: Dialect,
    form: Form,
}

#[derive(Clone, PartialEq, Eq)]
enum Form {
    File(FileUrl),
    Server(Box<ServerUrl>),
}

impl DbUrl {
    /// Reads a URL: `sqlite:` and Prisma's `file:`, `postgres:`, `postgresql:`, `mysql:`,
    /// `mariadb:`. `base` is where a relative SQLite path starts.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn parse(text: &str, base: &Path) -> Result<Self, UrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(UrlError::Empty);
        }
        let unknown = || UrlError::Scheme { scheme: shown_start(text) };
        let (scheme, rest) = text.split_once(':').ok_or_else(unknown)?;
        let dialect = match scheme.to_ascii_lowercase().as_str() {
            "sqlite" | "file" => Dialect::Sqlite,
            "postgres" | "postgresql" => Dialect::Postgres,
            "mysql" | "mariadb" => Dialect::Mysql,
            _ => return Err(unknown()),
        };
        let form = match dialect {
            Dialect::Sqlite => Form::File(FileUrl::parse(rest, base)?),
            _ => Form::Server(Box::new(ServerUrl::parse(dialect, rest)?)),
        };
        Ok(Self { dialect, form })
    }

    /// The database family.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Host and port, a socket's folder, or `file`.
    #[must_use]
    pub fn host(&self) -> String {
        match &self.form {
            Form::File(_) => "file".to_owned(),
            Form::Server(server) => drivers::host(self.dialect, server),
        }
    }

    /// The database's name, or the file's path.
    #[must_use]
    pub fn database(&self) -> String {
        match &self.form {
            Form::File(file) => file.name(),
            Form::Server(server) => server.database.clone(),
        }
    }

    /// Prisma's `?schema=`.
    #[must_use]
    pub fn schema(&self) -> Option<String> {
        match &self.form {
            Form::File(_) => None,
            Form::Server(server) => server.params.schema.clone(),
        }
    }

    /// The URL with its password as `***`.
    #[must_use]
    pub fn masked(&self) -> String {
        match &self.form {
            Form::File(file) => file.to_string(),
            Form::Server(server) => server.masked(self.dialect),
        }
    }

    /// A text of others in which the password, should it be there, is `***`.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        match &self.form {
            Form::Server(server) => server.redact(text),
            Form::File(_) => text.to_owned(),
        }
    }

    /// The same server, another database; for SQLite another file.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut other = self.clone();
        match &mut other.form {
            Form::File(file) => *file = file.beside(name),
            Form::Server(server) => name.clone_into(&mut server.database),
        }
        other
    }

    /// An SQLite file's path; none for servers and in memory.
    #[must_use]
    pub fn file_path(&self) -> Option<&Path> {
        match &self.form {
            Form::File(file) => file.path.as_deref(),
            Form::Server(_) => None,
        }
    }

    /// An SQLite database in memory, which lives as long as its only connection.
    pub(crate) const fn memory() -> Self {
        Self { dialect: Dialect::Sqlite, form: Form::File(FileUrl::memory()) }
    }
}

/// What an error shows of a text whose scheme is unknown: the scheme, or a few characters. A text
/// with an `@` and no scheme may start with a password, so nothing of it is shown.
fn shown_start(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
    let word: String = text.chars().take_while(|&c| is_word(c)).take(SHOWN_MAX_CHARS).collect();
    let is_scheme = text[word.len()..].starts_with("://");
    if text.contains('@') && !is_scheme { "the text".to_owned() } else { word }
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
