//! How many rows of a database the hazards of a plan touch.
//!
//! Invariant: nothing is changed; renames that the questions need are rolled back.

use xtask_db_schema::{Hazard, Plan, Step};
use xtask_db_sql::Dialect;

use crate::{Error, Session};

/// A hazard and what it means for the rows that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The hazard.
    pub hazard: Hazard,
    /// How many rows it touches; none when that cannot be asked.
    pub rows: Option<u64>,
}

impl Counted {
    /// It matters in this database, or may.
    #[must_use]
    pub fn matters(&self) -> bool {
        self.rows != Some(0)
    }
}

/// Asks the database, as it is before the plan, what each hazard of it touches. `renames` are the
/// plan's first steps, whose names the questions use.
///
/// # Errors
/// The connection is lost.
pub async fn count(
    session: &mut Session,
    plan: &Plan,
    renames: &[Step],
) -> Result<Vec<Counted>, Error> {
    let hazards: Vec<&Hazard> = plan.steps.iter().flat_map(|step| &step.hazards).collect();
    let renamed = !renames.is_empty() && session.dialect() != Dialect::Mysql;
    if renamed {
        let sql = session.begin();
        session.tool("counting rows", sql).await?;
        for step in renames {
            // A database that has drifted may lack it: then the counts that need it are not known.
            let _ = in_savepoint(session, &step.sql).await;
        }
    }
    let mut counted = Vec::with_capacity(hazards.len());
    for hazard in hazards {
        let rows = match &hazard.probe {
            None => None,
            Some(sql) if renamed => in_savepoint(session, sql).await,
            Some(sql) => session.ask(sql).await.ok().and_then(|rows| number(&rows)),
        };
        counted.push(Counted { hazard: hazard.clone(), rows });
    }
    if renamed {
        session.tool("counting rows", "ROLLBACK").await?;
    }
    Ok(counted)
}

/// One that fails must not end the transaction.
async fn in_savepoint(session: &mut Session, sql: &str) -> Option<u64> {
    session.run("SAVEPOINT xdb_count").await.ok()?;
    let rows = session.rows(sql).await;
    let end = if rows.is_ok() { "RELEASE" } else { "ROLLBACK TO" };
    let _ = session.run(&format!("{end} SAVEPOINT xdb_count")).await;
    number(&rows.ok()?)
}

fn number(rows: &[Vec<Option<String>>]) -> Option<u64> {
    rows.first()?.first()?.as_deref()?.parse().ok()
}
