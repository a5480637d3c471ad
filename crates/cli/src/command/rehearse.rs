//! `rehearse`: the pending migrations on a restored backup.

use clap::Args;
use serde_json::{Value, json};
use xtask_db_engine::{DeployOptions, LockTaken};

use crate::backup::{Rehearsal, Settings, Step, Store, choose};
use crate::codes;
use crate::context::Context;
use crate::counted::counted;
use crate::fault::Fault;
use crate::output::Reply;
use crate::progress::took;

/// The longest text of a statement that is shown.
const SQL_MAX: usize = 60;

/// Deploy on a restored backup, and say what each statement took
///
/// The backup is restored to a throwaway database on the same server (`--url` names another one),
/// the pending migrations are applied to it, and it is dropped. Each statement is listed with its
/// time and its rows; on PostgreSQL also with the tables it locked that were there before.
#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    /// A file, a name from `backups`, or `latest`
    #[arg(long, value_name = "BACKUP", default_value = "latest")]
    from: String,
    /// Take a file that has no record beside it
    #[arg(long)]
    unrecorded: bool,
}

pub(crate) async fn run(args: Rehearse, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    let settings = Settings::of(context.project()?)?;
    let store = Store { folder: settings.folder.clone() };
    let chosen = choose(context, &store, &args.from, args.unrecorded)?;
    let url = context.url(history.dialect())?.value;
    chosen.fits(&url)?;
    let rehearsal = Rehearsal {
        url: &url,
        chosen: &chosen,
        settings: &settings,
        history: &history,
        session: context.session()?,
        deploy: DeployOptions {
            actor: context.actor("rehearse"),
            // The backup's database is the safety net of nobody.
            backed_up: true,
            retry: true,
            ..DeployOptions::default()
        },
        progress: context.progress(),
    };
    let (steps, done) = rehearsal.run().await?;
    let reply = reply(&chosen.name(), &steps);
    Ok(match done {
        Ok(()) => reply,
        Err(fault) => reply.problem(codes::problem(&fault)),
    })
}

fn reply(name: &str, steps: &[Step]) -> Reply {
    let mut lines = Vec::new();
    let mut current = "";
    for step in steps {
        if current != step.id {
            current = &step.id;
            lines.push(current.to_owned());
        }
        lines.push(format!("  {:>3}  {:>9}  {}", step.statement, took(step.took), shown(step)));
    }
    let migrations: std::collections::BTreeSet<&str> =
        steps.iter().map(|step| step.id.as_str()).collect();
    let total = steps.iter().map(|step| step.took).sum();
    lines.push(format!(
        "rehearsed {} on {name}: {} in {}",
        counted(migrations.len(), "migration"),
        counted(steps.len(), "statement"),
        took(total)
    ));
    let object = json!({
        "from": name,
        "statements": steps.iter().map(object).collect::<Vec<_>>(),
        "duration_ms": millis(total),
    });
    Reply::new(lines.join("\n"), object)
}

/// The statement, and what it locked.
fn shown(step: &Step) -> String {
    let mut sql: String = step.sql.chars().take(SQL_MAX).collect();
    if sql.len() < step.sql.len() {
        sql.push('…');
    }
    let locks: Vec<String> = step
        .locks
        .iter()
        .map(|LockTaken { relation, mode }| format!("{mode} on {relation}"))
        .collect();
    let rows = if step.rows == 0 { String::new() } else { format!("  {} rows", step.rows) };
    match locks.is_empty() {
        true => format!("{sql}{rows}"),
        false => format!("{sql}{rows}  [{}]", locks.join(", ")),
    }
}

fn object(step: &Step) -> Value {
    let locks = step.locks.iter();
    json!({
        "id": step.id,
        "statement": step.statement,
        "sql": step.sql,
        "rows": step.rows,
        "duration_ms": millis(step.took),
        "locks": locks.map(|lock| json!({ "relation": lock.relation, "mode": lock.mode }))
            .collect::<Vec<_>>(),
    })
}

fn millis(took: std::time::Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
