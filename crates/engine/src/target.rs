//! Where to connect: a URL or a pool of the application.

use crate::DbUrl;

/// Where to connect.
#[derive(Debug, Clone)]
pub enum Target {
    /// A URL that was parsed.
    Url(DbUrl),
    /// Text of a URL; parsed when the session opens. A relative SQLite path starts at the
    /// working directory.
    Text(String),
    /// A pool: one connection is detached from it and closed after use.
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgPool),
    /// A pool: one connection is detached from it and closed after use.
    #[cfg(feature = "mysql")]
    Mysql(sqlx::MySqlPool),
    /// A pool: one connection is used in place, its settings restored.
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqlitePool),
}

impl From<DbUrl> for Target {
    fn from(url: DbUrl) -> Self {
        Self::Url(url)
    }
}

impl From<&DbUrl> for Target {
    fn from(url: &DbUrl) -> Self {
        Self::Url(url.clone())
    }
}

impl From<&str> for Target {
    fn from(url: &str) -> Self {
        Self::Text(url.to_owned())
    }
}

impl From<&String> for Target {
    fn from(url: &String) -> Self {
        Self::Text(url.clone())
    }
}

#[cfg(feature = "postgres")]
impl From<&sqlx::PgPool> for Target {
    fn from(pool: &sqlx::PgPool) -> Self {
        Self::Postgres(pool.clone())
    }
}

#[cfg(feature = "mysql")]
impl From<&sqlx::MySqlPool> for Target {
    fn from(pool: &sqlx::MySqlPool) -> Self {
        Self::Mysql(pool.clone())
    }
}

#[cfg(feature = "sqlite")]
impl From<&sqlx::SqlitePool> for Target {
    fn from(pool: &sqlx::SqlitePool) -> Self {
        Self::Sqlite(pool.clone())
    }
}
