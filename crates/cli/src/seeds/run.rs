//! Runs the seeds: rows first, in an order in which what a row refers to is there, then scripts
//! in the order of their names, then the seed command.

use std::time::Instant;

use serde_json::{Value, json};
use xtask_db_engine::{
    Once, Session, introspect, marker, prove_seeds, remember_seed, run_script, seed_rows, seeds_run,
};
use xtask_db_schema::Relation;

use super::plan::{Asked, Plan};
use crate::context::Context;
use crate::external::External;
use crate::fault::Fault;
use crate::progress::took;

/// What was run.
#[derive(Debug, Default)]
pub(crate) struct Seeded {
    /// Files with rows.
    pub(crate) rows: Vec<xtask_db_engine::Seeded>,
    /// Each script and how many statements it has.
    pub(crate) scripts: Vec<(String, u32)>,
    /// Files that have not changed since they ran.
    pub(crate) unchanged: Vec<String>,
    pub(crate) command: Option<String>,
}

impl Seeded {
    pub(crate) fn json(&self) -> Value {
        let scripts = self.scripts.iter();
        let rows = self.rows.iter();
        json!({
            "files": scripts.map(|(path, statements)| json!({
                "path": path, "statements": statements,
            })).collect::<Vec<_>>(),
            "rows": rows.map(|file| json!({
                "path": file.path, "rows": file.rows, "changed": file.changed,
                "pruned": file.pruned,
            })).collect::<Vec<_>>(),
            "unchanged": self.unchanged,
            "command": self.command,
        })
    }

    /// How many files were run.
    pub(crate) fn count(&self) -> usize {
        self.rows.len() + self.scripts.len()
    }
}

/// Runs the files of every environment and those of one, then the seed command. The session is
/// closed before the command, so that it finds the database free.
pub(crate) async fn run(
    context: &Context,
    mut session: Session,
    asked: Asked,
) -> Result<Seeded, Fault> {
    let provider = session.dialect();
    let mut seeded = Seeded::default();
    let done = files(context, &mut session, asked, &mut seeded).await;
    session.close().await;
    done?;
    if let Some(setting) = context.project()?.text("seed-command") {
        let command = setting.value;
        context.output.say(format!("seed command: {command}"));
        let done = External::new(context, provider, &command)?.run().await;
        done.map_err(|status| Fault::SeedCommand { command: command.clone(), status })?;
        seeded.command = Some(command);
    }
    Ok(seeded)
}

/// Runs the files twice in a transaction that is rolled back. Returns how many there are, and the
/// tables that the second run has changed.
pub(crate) async fn check(
    context: &Context,
    session: &mut Session,
) -> Result<(usize, Vec<String>), Fault> {
    let plan = read(context, session, Asked { all: true, prune: false }).await?;
    let relations = relations(context, session).await?;
    let count = plan.rows.len() + plan.scripts.len();
    let once = Once { files: plan.rows, scripts: plan.scripts };
    Ok((count, prove_seeds(session, &relations, &once).await?))
}

async fn files(
    context: &Context,
    session: &mut Session,
    asked: Asked,
    seeded: &mut Seeded,
) -> Result<(), Fault> {
    let mut plan = read(context, session, asked).await?;
    for path in &plan.unchanged {
        context.output.whisper(format!("unchanged {path} (--all runs it again)"));
    }
    seeded.unchanged = std::mem::take(&mut plan.unchanged);
    let kept = marker(session).await?.environment.is_some();
    if !plan.rows.is_empty() {
        let relations = relations(context, session).await?;
        let started = Instant::now();
        let remember: Vec<_> = match kept {
            true => {
                plan.rows.iter().filter_map(|file| plan.remember.get(&file.path)).cloned().collect()
            }
            false => Vec::new(),
        };
        seeded.rows = seed_rows(session, &relations, &plan.rows, asked.prune, &remember).await?;
        let time = took(started.elapsed());
        for file in &seeded.rows {
            let pruned = match file.pruned {
                0 => String::new(),
                count => format!(", {count} deleted"),
            };
            let line = format!("{} rows, {} changed{pruned}, {time}", file.rows, file.changed);
            context.output.say(format!("seeded {} ({line})", file.path));
        }
    }
    for (path, text) in &plan.scripts {
        let started = Instant::now();
        let mut progress = context.progress();
        progress.begin(path);
        let statements = run_script(session, path, text, &mut progress).await;
        drop(progress);
        let statements = statements?;
        if let Some((key, value)) = plan.remember.get(path).filter(|_| kept) {
            remember_seed(session, key, value).await?;
        }
        let plural = if statements == 1 { "" } else { "s" };
        let time = took(started.elapsed());
        context.output.say(format!("seeded {path} ({statements} statement{plural}, {time})"));
        seeded.scripts.push((path.clone(), statements));
    }
    Ok(())
}

async fn read(context: &Context, session: &mut Session, asked: Asked) -> Result<Plan, Fault> {
    let meta = seeds_run(session).await?;
    Plan::read(context, &meta, asked)
}

async fn relations(context: &Context, session: &mut Session) -> Result<Vec<Relation>, Fault> {
    Ok(introspect(session, &context.project()?.scope()).await?.relations())
}
