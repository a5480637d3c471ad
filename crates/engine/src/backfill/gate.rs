//! What waits for a backfill: `-- xtask-db: after-backfill ID`.

use xtask_db_history::{History, Migration, MigrationId};
use xtask_db_sql::{DirectiveKind, Script};

use super::state::{self, BackfillState};
use crate::{Error, Ledger};

/// The backfill that a migration says it needs and that is not done; none when it may run.
///
/// # Errors
/// `Error::Id` when it names what has no backfill, or does not come before it.
pub(crate) fn waits_for(
    history: &History,
    ledger: &Ledger,
    migration: &Migration,
    script: &Script,
) -> Result<Option<MigrationId>, Error> {
    for directive in &script.directives {
        let DirectiveKind::AfterBackfill { id } = &directive.kind else { continue };
        let refused = |why: &str| Error::Id {
            id: migration.id.to_string(),
            problem: format!("waits for the backfill of {id}, which {why}"),
        };
        let mut all = history.migrations.iter();
        let named =
            all.find(|one| one.id.as_str() == id).ok_or_else(|| refused("is not on disk"))?;
        if named.backfill.is_none() {
            return Err(refused("has no backfill.sql"));
        }
        if named.id >= migration.id {
            return Err(refused("does not come before it"));
        }
        let progress = state::of(named, ledger)?;
        if progress.is_none_or(|progress| progress.state != BackfillState::Done) {
            return Ok(Some(named.id.clone()));
        }
    }
    Ok(None)
}
