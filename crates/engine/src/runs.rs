//! One audit row per run that wrote.

use std::time::Instant;

use uuid::Uuid;

use crate::lock::Held;
use crate::{Actor, DeployReport, Error, Session, clock};

/// Records a deploy, done or failed. A connection that is gone cannot be written to; the error of
/// the run is what is reported then.
pub(crate) async fn record(
    session: &mut Session,
    held: &Held,
    actor: &Actor,
    started: Instant,
    report: &DeployReport,
    done: &Result<(), Error>,
) -> Result<(), Error> {
    let ids: Vec<&str> = report.applied.iter().map(|applied| applied.id.as_str()).collect();
    let (outcome, detail) = match done {
        Ok(()) => ("ok", ids.join("\n")),
        Err(error) => ("failed", format!("{}\n{error}", ids.join("\n"))),
    };
    let written = write(session, held, actor, started, outcome, detail.trim()).await;
    if done.is_ok() { written } else { Ok(()) }
}

/// Writes an audit row under the fence.
pub(crate) async fn write(
    session: &mut Session,
    held: &Held,
    actor: &Actor,
    started: Instant,
    outcome: &str,
    detail: &str,
) -> Result<(), Error> {
    let guard = held.guard(session);
    insert(session, &guard, actor, started, outcome, detail).await
}

/// Writes the audit row of a run that has no deploy lock, since it changes no schema.
pub(crate) async fn write_free(
    session: &mut Session,
    actor: &Actor,
    started: Instant,
    outcome: &str,
    detail: &str,
) -> Result<(), Error> {
    insert(session, "1 = 1", actor, started, outcome, detail).await
}

async fn insert(
    session: &mut Session,
    guard: &str,
    actor: &Actor,
    started: Instant,
    outcome: &str,
    detail: &str,
) -> Result<(), Error> {
    let dialect = session.dialect();
    let sql = format!(
        "INSERT INTO {} (id, command, who, tool, started_at, finished_at, outcome, detail) \
         SELECT {}, {}, {}, {}, {}, {}, {}, {}{} WHERE {}",
        session.names.runs,
        session.lit(&Uuid::new_v4().to_string()),
        session.lit(&actor.command),
        session.lit(&actor.who),
        session.lit(&actor.tool),
        clock::ago(dialect, started.elapsed()),
        clock::now(dialect),
        session.lit(outcome),
        session.lit(detail),
        if dialect == xtask_db_sql::Dialect::Mysql { " FROM DUAL" } else { "" },
        guard
    );
    session.tool("writing the audit row", &sql).await.map(drop)
}
