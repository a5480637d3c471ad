//! What `deploy` refuses: a pending migration that loses rows which were there before the run.

use xtask_db_engine::{Session, inspect, is_untouched};
use xtask_db_history::{History, MigrationId};
use xtask_db_lint::{Finding, Level, Linted, Report};

use super::facts::open;
use super::{Chosen, look, look_at};
use crate::context::Context;
use crate::fault::Fault;

/// Statements of pending migrations that lose data in this database, as lines; none where no
/// migration would. What cannot be looked at is the engine's to refuse.
pub(crate) async fn losses(
    context: &Context,
    history: &History,
    to: Option<&MigrationId>,
    session: &mut Session,
) -> Result<Vec<String>, Fault> {
    let Ok(seen) = inspect(session, history).await else { return Ok(Vec::new()) };
    if seen.survey.pending.is_empty() || seen.ledger.unmanaged() {
        return Ok(Vec::new());
    }
    let wanted = |id: &MigrationId| to.is_none_or(|last| id <= last);
    let pending = seen.survey.pending.iter().filter(|id| wanted(id)).cloned().collect();
    let chosen = Chosen::of(history.clone(), pending);
    // most migrations lose nothing, and no question is asked; what cannot be split the engine tells
    let Ok(report) = look(context, &chosen) else { return Ok(Vec::new()) };
    if lost(&report).next().is_none() {
        return Ok(Vec::new());
    }
    if is_untouched(session).await? {
        return Ok(Vec::new());
    }
    let mut apart = open(context, history).await?;
    let report = look_at(context, &chosen, &mut apart).await;
    apart.close().await;
    let report = report?;
    Ok(lost(&report).map(|(file, finding)| line(file, finding)).collect())
}

fn lost(report: &Report) -> impl Iterator<Item = (&Linted, &Finding)> {
    let certain = report.at_level(Level::Error).filter(|(_, finding)| !finding.possible);
    certain.filter(|(_, finding)| finding.rule.loses)
}

fn line(file: &Linted, finding: &Finding) -> String {
    let at = finding.at;
    let (rule, path, message) = (finding.rule.id, &file.path, &finding.message);
    format!("{rule} {path}:{}:{} {message}", at.line, at.column)
}
