//! The audit trail: a database of its own, with a history of its own.

use sqlx::SqlitePool;
use xtask_db::Migrator;

/// The folder is named, since there is another one in this workspace.
pub static MIGRATIONS: Migrator = xtask_db::embed_migrations!("migrations");

/// Adds an event.
///
/// # Errors
/// The database cannot be written.
pub async fn record(pool: &SqlitePool, what: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO events (what) VALUES (?)").bind(what).execute(pool).await?;
    Ok(())
}

/// How many events there are.
///
/// # Errors
/// The database cannot be read.
pub async fn count(pool: &SqlitePool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(pool).await
}
