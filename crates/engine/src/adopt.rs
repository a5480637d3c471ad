//! Takes over what another tool recorded.

use xtask_db_history::{History, MigrationId};

use crate::{DeployOptions, Error, ForeignRow, ForeignTool, ResolveReport, Session, foreign};

/// The rows of another tool's ledger, oldest first; none when it has no such table.
///
/// # Errors
/// The table cannot be read, or is none of sqlx's, diesel's and Prisma's.
pub async fn applied_elsewhere(
    session: &mut Session,
    tool: ForeignTool,
) -> Result<Option<Vec<ForeignRow>>, Error> {
    foreign::read_rows(session, tool).await
}

/// Records these migrations as applied, all or nothing, under the deploy lock; creates the tables
/// and stamps the marker. Rows that are there already stay. The other tool's table is not touched.
///
/// # Errors
/// A migration is not in the history, or is recorded in another state.
pub async fn adopt_rows(
    session: &mut Session,
    history: &History,
    ids: &[(MigrationId, Option<String>)],
    options: &DeployOptions,
) -> Result<ResolveReport, Error> {
    let _ = (session, history, ids, options);
    todo!()
}
