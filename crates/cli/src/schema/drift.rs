//! A database that is not what its migrations make: somebody changed it beside them.

use std::collections::BTreeSet;

use clap::ValueEnum;
use serde_json::{Value, json};
use xtask_db_engine::{Error, Inspection, Read, Session, Shadows, introspect};
use xtask_db_history::{History, Migration};
use xtask_db_schema::{Catalog, Plan, PlanOptions};

use super::{json_steps, statements};
use crate::context::Context;
use crate::fault::Fault;

/// What to do with what was changed beside the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnDrift {
    /// Write it as a migration, which is taken for applied here
    Adopt,
    /// Run the statements that undo it
    Discard,
    /// Go on with it
    Leave,
}

/// What was changed.
#[derive(Debug, Clone)]
pub(crate) struct Drift {
    /// What the applied migrations make.
    pub(crate) expected: Catalog,
    /// What there is.
    pub(crate) live: Catalog,
    /// From the one to the other: what somebody did.
    pub(crate) plan: Plan,
}

/// What came of looking.
#[derive(Debug, Clone)]
pub(crate) enum Looked {
    /// The database is what the applied migrations make.
    None,
    /// It is not.
    Found(Box<Drift>),
    /// It cannot be told, and why.
    Unknown(String),
}

/// Compares a database with the replay of what is applied there.
pub(crate) async fn look(
    context: &Context,
    shadows: &mut Shadows,
    session: &mut Session,
    history: &History,
    seen: &Inspection,
) -> Result<Looked, Fault> {
    let applied = match applied(history, seen) {
        Ok(applied) => applied,
        Err(why) => return Ok(Looked::Unknown(why)),
    };
    let whole = (history, &history.lock);
    let Read { catalog: expected, .. } = context.catalog_of(shadows, whole, &applied).await?;
    let live = introspect(session, shadows.scope()).await?;
    if live.fingerprint() == expected.fingerprint() {
        return Ok(Looked::None);
    }
    let plan = expected.plan(&live, &PlanOptions::default()).map_err(Error::from)?;
    if plan.is_empty() {
        return Ok(Looked::None);
    }
    Ok(Looked::Found(Box::new(Drift { expected, live, plan })))
}

/// The migrations that are applied, when all of them are on disk with the text that was applied.
fn applied(history: &History, seen: &Inspection) -> Result<Vec<Migration>, String> {
    let survey = &seen.survey;
    let unfinished = survey.failed.iter().chain(&survey.running).next();
    if let Some(unfinished) = unfinished {
        return Err(format!("{} is not finished", unfinished.row.name));
    }
    if let Some(edited) = survey.edited.iter().find(|edited| !edited.cosmetic) {
        return Err(format!("{} was applied with another text", edited.id));
    }
    let names: BTreeSet<&str> = survey.applied.iter().map(|row| row.name.as_str()).collect();
    let there = |one: &&Migration| names.contains(one.id.as_str());
    let applied: Vec<Migration> = history.migrations.iter().filter(there).cloned().collect();
    let on_disk: BTreeSet<&str> = applied.iter().map(|one| one.id.as_str()).collect();
    match names.difference(&on_disk).next() {
        Some(name) => Err(format!("{name} is applied, and not on disk")),
        None => Ok(applied),
    }
}

impl Drift {
    /// For people: what somebody did.
    pub(crate) fn lines(&self) -> Vec<String> {
        let count = statements(self.plan.steps.len());
        let mut lines = vec![format!(
            "drift: the database was changed outside the migrations, as if by {count}:"
        )];
        for step in &self.plan.steps {
            let sql = format!("{};", step.sql.trim_end());
            lines.extend(sql.lines().map(|line| format!("  {line}").trim_end().to_owned()));
        }
        lines
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({ "steps": json_steps(&self.plan), "script": self.plan.script() })
    }
}
