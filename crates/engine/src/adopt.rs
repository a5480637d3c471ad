//! Takes over what another tool recorded.

use xtask_db_history::{History, MigrationId};

use crate::resolve::{Wish, settle};
use crate::{
    DeployOptions, Error, ForeignRow, ForeignTool, ResolveReport, Session, Silent, foreign,
};

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

/// Records these migrations as applied, each at the time given (`2026-01-02T03:04:05.678Z`), all
/// or nothing, under the deploy lock; creates the tables and stamps the marker. Rows that are
/// there already stay. The other tool's table is not touched.
///
/// # Errors
/// A migration is not in the history, or is recorded as begun and not finished.
pub async fn adopt_rows(
    session: &mut Session,
    history: &History,
    ids: &[(MigrationId, Option<String>)],
    options: &DeployOptions,
) -> Result<ResolveReport, Error> {
    settle(session, history, Wish::Adopt(ids), options, &mut Silent).await
}
