//! Database migrations that are embedded in the application and checked by `cargo build`.
//!
//! ```
//! pub static MIGRATIONS: xtask_db::Migrator = xtask_db::embed_migrations!("tests/migrations");
//!
//! for migration in MIGRATIONS.migrations() {
//!     assert!(migration.sealed, "{} is a draft", migration.id);
//! }
//! ```
//!
//! A migration is *sealed* when it may have been applied somewhere: its checksum is then in
//! `migrations/migrations.lock`, which is committed. When the text of a sealed migration changes,
//! the next `cargo build` fails and says what to do. The migrations are written and applied with
//! `cargo xtask db`; this crate is what the application depends on.
//!
//! Without features the crate is the macro and plain data. With `deploy` and the feature of a
//! database (`sqlite`, `postgres`, `mysql`) the application deploys or verifies when it starts:
//!
#![cfg_attr(feature = "deploy", doc = "```no_run")]
#![cfg_attr(not(feature = "deploy"), doc = "```ignore")]
//! use xtask_db::{Ahead, DeployOptions, Migrator};
//!
//! static MIGRATIONS: Migrator = xtask_db::embed_migrations!("tests/migrations");
//!
//! # async fn start() -> Result<(), xtask_db::Error> {
//! let url = "postgres://app@db.internal/app";
//! // either this service applies its migrations itself; replicas may do so at the same time
//! MIGRATIONS.deploy(url, &DeployOptions::new("billing")).await?;
//! // or a release job does, and the service refuses to run on a database that is behind
//! MIGRATIONS.verify(url, Ahead::Accept).await?;
//! # Ok(())
//! # }
//! ```
//!
//! With `sqlx`, `Migrator::sqlx_migrator` serves `#[sqlx::test(migrator = "…")]`.
//!
//! # When cargo builds again
//!
//! Every embedded file is watched by the compiler. That a migration was *added* is noticed by
//! the build script of this crate, which watches the folders named by `XTASK_DB_MIGRATIONS` and
//! `XTASK_DB_MIGRATIONS_…` in `[env]` of `.cargo/config.toml`:
//!
//! ```toml
//! [env]
//! XTASK_DB_MIGRATIONS = { value = "migrations", relative = true }
//! XTASK_DB_MIGRATIONS_REPORTS = { value = "reports/migrations", relative = true }
//! ```
//!
//! Without such a variable it looks for `migrations/migrations.lock` from the target folder
//! upward, which finds a folder at the root of the workspace.

mod migrator;

#[cfg(feature = "deploy")]
mod backfill;
#[cfg(feature = "sqlx")]
mod carry;
#[cfg(feature = "deploy")]
mod deploy;
#[cfg(feature = "deploy")]
mod error;
#[cfg(feature = "deploy")]
mod fresh;
#[cfg(feature = "deploy")]
mod hint;
#[cfg(feature = "deploy")]
mod history;
#[cfg(feature = "deploy")]
mod options;
#[cfg(feature = "deploy")]
mod status;

#[cfg(feature = "deploy")]
pub use backfill::BackfillOptions;
#[cfg(feature = "sqlx")]
pub use carry::CarryError;
#[cfg(feature = "deploy")]
pub use error::Error;
pub use migrator::{Migration, Migrator};
#[cfg(feature = "deploy")]
pub use options::{Ahead, DeployOptions, Drafts};
#[cfg(feature = "deploy")]
pub use status::Status;
#[cfg(feature = "deploy")]
pub use xtask_db_engine::{
    BackfillProgress, BackfillReport, BackfillState, DbUrl, DeployReport, Target,
};

/// Embeds a migrations folder as a [`Migrator`], and fails the build when a sealed migration is
/// not what was sealed.
///
/// ```
/// use xtask_db::Migrator;
///
/// static MIGRATIONS: Migrator = xtask_db::embed_migrations!("tests/migrations");
/// static OTHERS: Migrator =
///     xtask_db::embed_migrations!("tests/migrations", drafts = true, table = "others");
/// assert_eq!(OTHERS.table(), "others");
/// ```
///
/// - The folder is relative to the package's manifest; without one it is the nearest `migrations`
///   that has a `migrations.lock`, from the manifest upward.
/// - `drafts = true`: drafts may be in a release build. Without it they are embedded only with
///   `debug_assertions`.
/// - `table = "…"`: the ledger table instead of the lock file's, for a library that brings
///   migrations of its own.
///
/// The build fails, with all problems in one error, when a sealed migration was changed
/// (XDB0201) or is missing (XDB0202), the lock file is missing (XDB0203), in conflict (XDB0205),
/// of a newer version (XDB0206) or unreadable (XDB0207), the folder has something that is no
/// migration (XDB0208), or a release build would embed a draft (XDB0209).
pub use xtask_db_macros::embed_migrations;
