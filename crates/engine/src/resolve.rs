//! Settles what a person must settle. Runs no migration SQL, except to resume.

mod book;
mod plan;
mod resume;

use xtask_db_history::{History, MigrationId};

use crate::{DeployOptions, Error, Observer, ResolveReport, Session};

pub(crate) use book::settle;
pub(crate) use plan::Wish;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It is applied: the person finished it by hand, or it was there before.
    Applied(MigrationId),
    /// It is not applied: the person undid what it had done.
    RolledBack(String),
    /// Run the rest of a journaled migration.
    Resume {
        /// The migration.
        id: MigrationId,
        /// The statement to go on with, from 1; none: the first that is not known to be done.
        from: Option<u32>,
    },
    /// A baseline: this and everything before it is applied.
    AppliedThrough(MigrationId),
    /// The ledger's name of a migration changes.
    Renamed {
        /// The ledger's.
        old: String,
        /// The folder's.
        new: MigrationId,
    },
}

/// Carries a resolution out, under the deploy lock. Creates the ledger when it is a baseline.
///
/// # Errors
/// `Error::Id` when the id is not in a state that the resolution fits; nothing was written then.
pub async fn resolve(
    session: &mut Session,
    history: &History,
    resolution: &Resolution,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<ResolveReport, Error> {
    let wish = match resolution {
        Resolution::Resume { id, from } => {
            return resume::resume(session, history, id, *from, options, observer).await;
        }
        Resolution::Applied(id) => Wish::Applied(id),
        Resolution::RolledBack(name) => Wish::RolledBack(name),
        Resolution::AppliedThrough(id) => Wish::Through(id),
        Resolution::Renamed { old, new } => Wish::Renamed(old, new),
    };
    settle(session, history, wish, options, observer).await
}
