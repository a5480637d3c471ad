//! What is known of a backup: a JSON file beside it.
//!
//! Invariant: a backup has its final name only when its record is there and says its hash.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use xtask_db_sql::Dialect;

/// The version of the format; a later one is refused.
pub(crate) const VERSION: u32 = 1;

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Form {
    /// `pg_dump --format=custom`.
    PgDump,
    /// SQL text of `mariadb-dump` or `mysqldump`.
    Sql,
    /// A database file.
    Sqlite,
    /// Whatever the configured command wrote, or nothing: it is kept elsewhere.
    Command,
}

impl Form {
    /// The form that the tool itself makes.
    pub(crate) const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite,
            Dialect::Postgres => Self::PgDump,
            Dialect::Mysql => Self::Sql,
        }
    }

    /// How its files end.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::PgDump => "dump",
            Self::Sql => "sql",
            Self::Sqlite => "db",
            Self::Command => "snapshot",
        }
    }
}

/// How far it was tried that it can be brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Checked {
    /// Not at all: only the configured command knows how.
    No,
    /// Read to its end.
    Read,
    /// Brought back on a throwaway database, which was compared.
    Restored,
}

impl std::fmt::Display for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::No => "not checked",
            Self::Read => "read to its end",
            Self::Restored => "restored and compared",
        })
    }
}

/// What is known of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The format's version.
    pub(crate) version: u32,
    pub(crate) form: Form,
    /// When it was begun.
    pub(crate) time: Timestamp,
    /// `sqlite`, `postgresql`, `mysql`.
    pub(crate) provider: String,
    pub(crate) host: String,
    pub(crate) database: String,
    /// The marker in the database.
    pub(crate) environment: Option<String>,
    /// E.g. `PostgreSQL 15.20`.
    pub(crate) server: String,
    /// The migration that was applied last.
    pub(crate) last_migration: Option<String>,
    /// How many were applied.
    pub(crate) applied: usize,
    /// What wrote the file, e.g. `pg_dump (PostgreSQL) 15.20`.
    pub(crate) tool: String,
    /// The version of xtask-db.
    pub(crate) made_by: String,
    /// What it was made before, e.g. `deploy`.
    pub(crate) purpose: String,
    pub(crate) checked: Checked,
    pub(crate) size_bytes: u64,
    /// Of the file, 64 hex digits; of a backup that is kept elsewhere, of what is known of it.
    pub(crate) sha256: String,
    pub(crate) took_ms: u64,
    /// What the configured command said: the name of a snapshot.
    pub(crate) said: Option<String>,
}

/// Why a record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("its record is of version {0}; this tool knows {VERSION}")]
    Version(u64),
    #[error("its record cannot be read: {0}")]
    Text(String),
}

impl Record {
    pub(crate) fn parse(text: &str) -> Result<Self, Unreadable> {
        let text_error = |error: serde_json::Error| Unreadable::Text(error.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(text_error)?;
        // Looked at first: another version may have other fields.
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(Unreadable::Version(version)),
            None => return Err(Unreadable::Text("it has no version".to_owned())),
        }
        serde_json::from_value(value).map_err(text_error)
    }

    pub(crate) fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// There is no file: a provider keeps it.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.form == Form::Command && self.size_bytes == 0
    }

    /// Of this database, as far as names tell.
    pub(crate) fn is_of(&self, provider: &str, host: &str, database: &str) -> bool {
        self.provider == provider && self.host == host && self.database == database
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            version: VERSION,
            form: Form::PgDump,
            time: "2026-01-02T03:04:05Z".parse().unwrap(),
            provider: "postgresql".to_owned(),
            host: "db:5432".to_owned(),
            database: "shop".to_owned(),
            environment: Some("production".to_owned()),
            server: "PostgreSQL 15.20".to_owned(),
            last_migration: Some("20260101000000_users".to_owned()),
            applied: 1,
            tool: "pg_dump (PostgreSQL) 15.20".to_owned(),
            made_by: "0.1.0".to_owned(),
            purpose: "deploy".to_owned(),
            checked: Checked::Read,
            size_bytes: 4096,
            sha256: "0".repeat(64),
            took_ms: 12,
            said: None,
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        assert_eq!(Record::parse(&record().text()), Ok(record()));
    }

    #[test]
    fn another_version_is_refused_before_its_fields_are_read() {
        assert_eq!(Record::parse("{\"version\": 2}"), Err(Unreadable::Version(2)));
        let none = Record::parse("{}");
        assert_eq!(none, Err(Unreadable::Text("it has no version".to_owned())));
        assert!(matches!(Record::parse("{\"version\": 1}"), Err(Unreadable::Text(_))));
        assert!(matches!(Record::parse("{\"vers"), Err(Unreadable::Text(_))));
    }
}
