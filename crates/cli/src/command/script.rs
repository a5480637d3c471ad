//! `script`: the SQL that `deploy` would run.

use clap::Args;
use serde_json::json;
use xtask_db_engine::script;
use xtask_db_history::{History, MigrationId};
use xtask_db_sql::{DirectiveKind, split};

use crate::context::{Context, VERSION};
use crate::fault::Fault;
use crate::output::Reply;

/// Print the SQL that deploy would run, bookkeeping included
///
/// For a database that only its own client may reach. The script is for psql, sqlite3 or mysql,
/// stops at the first error, and writes the same ledger rows as `deploy`. Without --from it begins
/// with the first migration; the database is not looked at.
#[derive(Debug, Args)]
pub(crate) struct Script {
    /// Begin after this migration: the last one that is applied
    #[arg(long, value_name = "ID")]
    from: Option<MigrationId>,
    /// End with this migration
    #[arg(long, value_name = "ID")]
    to: Option<MigrationId>,
}

pub(crate) async fn run(args: Script, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    let problems = xtask_db_history::disk_problems(&history);
    let serious: Vec<_> = problems.into_iter().filter(|problem| !problem.is_warning()).collect();
    if !serious.is_empty() {
        return Err(Fault::Disk(serious));
    }
    let ids = range(&history, &args)?;
    refuse_between(&history, &ids)?;
    let sql = script(&history, &ids, &format!("xtask-db {VERSION}"))?;
    let names: Vec<_> = ids.iter().map(ToString::to_string).collect();
    Ok(Reply::new(sql.trim_end(), json!({ "migrations": names, "sql": sql })))
}

/// A script runs no backfill, so that what waits for one must not be in the same script.
fn refuse_between(history: &History, ids: &[MigrationId]) -> Result<(), Fault> {
    for migration in ids.iter().filter_map(|id| history.get(id)) {
        let script = split(&migration.up.text, history.lock.syntax());
        let directives = script.map(|script| script.directives).unwrap_or_default();
        let waits = directives.iter().find_map(|directive| match &directive.kind {
            DirectiveKind::AfterBackfill { id } => ids.iter().find(|one| one.as_str() == id),
            _ => None,
        });
        if let Some(backfill) = waits {
            return Err(Fault::Migration {
                id: migration.id.to_string(),
                problem: format!("waits for the backfill of {backfill}, which a script cannot run"),
                hint: format!(
                    "end the script before it, run the backfill, then: --from {backfill}"
                ),
            });
        }
    }
    Ok(())
}

fn range(history: &History, args: &Script) -> Result<Vec<MigrationId>, Fault> {
    for id in args.from.iter().chain(&args.to) {
        if history.get(id).is_none() {
            return Err(Fault::NoMigration { id: id.to_string() });
        }
    }
    let ids = history.migrations.iter().map(|migration| migration.id.clone());
    Ok(ids
        .filter(|id| args.from.as_ref().is_none_or(|from| id > from))
        .filter(|id| args.to.as_ref().is_none_or(|to| id <= to))
        .collect())
}
