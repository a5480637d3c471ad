//! What an application gets instead of a database that is ready. `Display` is the fact, then the
//! next step.

use std::path::PathBuf;
use std::time::Duration;

use xtask_db_history::{IdError, LockError};

use crate::hint::hint;
use crate::status::{Status, told};

/// Why the database is not as this build needs it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Migrations are pending, or just being applied.
    #[error(
        "the database is behind this build: {status}; deploy first: `cargo xtask db deploy`, or \
         Migrator::deploy at start-up"
    )]
    Behind {
        /// Where the database stands.
        status: Box<Status>,
    },
    /// The database and the embedded migrations disagree; a person must settle it.
    #[error(
        "the database and this build disagree: {status}; look at it: `cargo xtask db status`, \
         settle it: `cargo xtask db resolve`"
    )]
    Conflict {
        /// Where the database stands.
        status: Box<Status>,
    },
    /// The database has migrations of a newer release, and [`Ahead::Refuse`](crate::Ahead) was
    /// given.
    #[error("the database is ahead of this build: {}; start the newer release", ids.join(", "))]
    Ahead {
        /// What only the newer release knows.
        ids: Vec<String>,
    },
    /// Drafts are allowed, but not on this database: it is marked for something else than
    /// development, or was deployed to without a mark.
    #[error(
        "{} is not sealed, and the database is {}; seal it: `cargo xtask db lock`, or if the \
         database may be thrown away: `cargo xtask db env --set development`",
        ids.join(", "),
        marked(environment.as_deref())
    )]
    Protected {
        /// The mark, or the environment that was given.
        environment: Option<String>,
        /// The drafts.
        ids: Vec<String>,
    },
    /// Not up to date within the time given.
    #[error("not ready after {} s: {last}", waited.as_secs())]
    NotReady {
        /// How long was waited.
        waited: Duration,
        /// What was still missing.
        last: Box<Error>,
    },
    /// A debug build embeds other migrations than the folder has: cargo did not see the change.
    #[error(
        "this build embeds other migrations than {folder} has: {difference}; touch {folder} and \
         build again",
        folder = folder.display()
    )]
    Stale {
        /// The folder.
        folder: PathBuf,
        /// The first difference.
        difference: String,
    },
    /// The engine: no connection, a failed statement, a lock that was not free, ….
    #[error("{}{}", engine_fact(.0), hint(.0).map(|hint| format!("; {hint}")).unwrap_or_default())]
    Engine(#[source] xtask_db_engine::Error),
    /// The embedded lock file cannot be read: the value was not made by `embed_migrations!`.
    #[error("the embedded lock file: {0}")]
    LockFile(#[source] LockError),
    /// An embedded id is none: the value was not made by `embed_migrations!`.
    #[error("the embedded migration {id:?}: {problem}")]
    Id {
        /// The id.
        id: String,
        /// Why it is none.
        problem: IdError,
    },
}

impl From<xtask_db_engine::Error> for Error {
    fn from(error: xtask_db_engine::Error) -> Self {
        Self::Engine(error)
    }
}

fn marked(environment: Option<&str>) -> String {
    environment.map_or_else(|| "not marked".to_owned(), |name| format!("marked {name}"))
}

/// The engine's fact, with the data that its own text leaves to the caller.
fn engine_fact(error: &xtask_db_engine::Error) -> String {
    use xtask_db_engine::Error as E;
    match error {
        E::Conflict(survey) => format!("{error}{}", told(survey)),
        E::Drafts(ids) => {
            let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
            format!("{error}: {}", ids.join(", "))
        }
        E::Ahead(ids) => format!("{error}: {}", ids.join(", ")),
        E::LockTimeout { holder: Some(holder), .. } => {
            format!("{error}: held by {} since {}", holder.who, holder.since)
        }
        _ => error.to_string(),
    }
}
