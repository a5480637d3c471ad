//! `lock`: seals drafts, and what else a person writes into the lock file.

use std::fs;

use clap::Args;
use serde_json::json;
use xtask_db_engine::inspect;
use xtask_db_history::{Entry, History, LOCK_FILE, LockFile, Migration, MigrationId, read_folder};
use xtask_db_sql::split;

use crate::codes;
use crate::context::Context;
use crate::fault::Fault;
use crate::new_lock;
use crate::order;
use crate::output::Reply;

/// Seal drafts: fix their text in the lock file
///
/// Without a flag every draft is sealed, and a lock file is made when there is none. From then on
/// the build, `check` and `deploy` refuse another text. The line of a draft whose folder is gone is
/// removed. The database is not touched.
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Resolve git's conflict markers in the lock file: the lines of both sides, in order
    #[arg(long, conflicts_with_all = ["from_db", "order_any", "absent"])]
    merge: bool,
    /// Seal what the database's ledger says is applied
    #[arg(long, conflicts_with_all = ["order_any", "absent"])]
    from_db: bool,
    /// Let `deploy` apply this migration after later ones: both orders are tried on throwaway
    /// databases, and must make the same schema
    #[arg(long, value_name = "ID", conflicts_with = "absent")]
    order_any: Option<MigrationId>,
    /// With --order-any: it was reviewed by a person, and is not tried
    #[arg(long, requires = "order_any")]
    force: bool,
    /// This migration is applied somewhere and belongs to another branch: it is not missing here
    #[arg(long, value_name = "ID")]
    absent: Option<MigrationId>,
}

pub(crate) async fn run(args: Lock, context: &Context) -> Result<Reply, Fault> {
    if args.merge {
        return merge(context);
    }
    let dir = context.migrations()?;
    let migrations = read_folder(&context.shown(&dir)).map_err(Fault::Folder)?;
    let mut lock = new_lock::read_or_new(context)?;
    let done = if let Some(id) = &args.order_any {
        let done = allow_any_order(&mut lock, id)?;
        if !args.force {
            let history = History { migrations, lock: lock.clone() };
            order::prove(context, &history, id).await?;
        }
        vec![done]
    } else if let Some(id) = &args.absent {
        vec![mark_absent(&mut lock, &migrations, id)?]
    } else if args.from_db {
        from_db(&mut lock, migrations, context).await?
    } else {
        seal_drafts(&mut lock, &migrations)?
    };
    context.write_lock(&lock)?;
    let json = json!({ "changed": done.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>() });
    let mut lines: Vec<String> = done.iter().map(|(what, id)| format!("{what} {id}")).collect();
    if lines.is_empty() {
        lines.push("nothing to seal: the lock file is as it was".to_owned());
    }
    Ok(Reply::new(lines.join("\n"), json))
}

/// What was done to a line.
type Done = (&'static str, MigrationId);

fn seal_drafts(lock: &mut LockFile, migrations: &[Migration]) -> Result<Vec<Done>, Fault> {
    let drafts: Vec<&Migration> =
        migrations.iter().filter(|migration| lock.sealed(&migration.id).is_none()).collect();
    drafts.iter().try_for_each(|migration| sealable(migration, lock))?;
    drafts.iter().for_each(|migration| lock.seal(migration));
    let mut done: Vec<Done> =
        drafts.iter().map(|migration| ("sealed", migration.id.clone())).collect();
    // a draft whose folder was removed is given up
    let here = |id: &MigrationId| migrations.iter().any(|migration| migration.id == *id);
    let given_up = |entry: &Entry| matches!(entry, Entry::Draft(id) if !here(id));
    let gone: Vec<MigrationId> = lock
        .entries
        .iter()
        .filter(|entry| given_up(entry))
        .map(|entry| entry.id().clone())
        .collect();
    for id in gone {
        lock.remove(&id);
        done.push(("removed the line of the draft", id));
    }
    Ok(done)
}

/// A text that cannot run, or that nobody has written yet, is not fixed for ever.
fn sealable(migration: &Migration, lock: &LockFile) -> Result<(), Fault> {
    let file = &migration.up;
    let script = split(&file.text, lock.syntax()).map_err(|error| {
        Fault::Engine(xtask_db_engine::Error::Split {
            id: Some(migration.id.clone()),
            path: file.path.to_string(),
            text: file.text.to_string(),
            error,
        })
    })?;
    if script.statements.is_empty() && migration.backfill.is_none() {
        return Err(Fault::Migration {
            id: migration.id.to_string(),
            problem: "its migration.sql has no statement yet".to_owned(),
            hint: format!("write it, or remove the draft: {}", file.path),
        });
    }
    Ok(())
}

fn allow_any_order(lock: &mut LockFile, id: &MigrationId) -> Result<Done, Fault> {
    let Some(sealed) = lock.sealed(id) else {
        return Err(Fault::Migration {
            id: id.to_string(),
            problem: "it is not sealed, so it has no place in the order yet".to_owned(),
            hint: "seal it first: cargo xtask db lock".to_owned(),
        });
    };
    let mut sealed = sealed.clone();
    sealed.order_any = true;
    lock.put(Entry::Sealed(sealed));
    Ok(("any order is allowed for", id.clone()))
}

fn mark_absent(
    lock: &mut LockFile,
    migrations: &[Migration],
    id: &MigrationId,
) -> Result<Done, Fault> {
    let here = migrations.iter().any(|migration| migration.id == *id);
    let sealed = lock.sealed(id).is_some();
    if here || sealed {
        let problem = match here {
            true => "its folder is here, so it is not absent",
            false => "it is sealed here and its folder is gone: that is a loss, not an absence",
        };
        return Err(Fault::Migration {
            id: id.to_string(),
            problem: problem.to_owned(),
            hint: "restore its folder from git, or see: cargo xtask db check".to_owned(),
        });
    }
    lock.put(Entry::Absent(id.clone()));
    Ok(("marked as absent:", id.clone()))
}

/// Seals what is applied. A text that is not the applied one stays as it is and is named.
async fn from_db(
    lock: &mut LockFile,
    migrations: Vec<Migration>,
    context: &Context,
) -> Result<Vec<Done>, Fault> {
    let mut history = History { migrations, lock: lock.clone() };
    // judged as if it were sealed, so that another text shows as edited
    let unsealed: Vec<MigrationId> = history
        .migrations
        .iter()
        .filter(|migration| lock.sealed(&migration.id).is_none())
        .map(|migration| migration.id.clone())
        .collect();
    for migration in &history.migrations {
        if unsealed.contains(&migration.id) {
            history.lock.seal(migration);
        }
    }
    let mut session = context.open(&history).await?;
    let seen = inspect(&mut session, &history).await;
    session.close().await;
    let survey = seen?.survey;
    let mut done = Vec::new();
    for migration in &history.migrations {
        let id = &migration.id;
        let applied = survey.applied.iter().any(|row| row.name == id.as_str());
        if !applied || !unsealed.contains(id) {
            continue;
        }
        if let Some(edited) = survey.edited.iter().find(|edited| edited.id == *id) {
            return Err(Fault::Migration {
                id: id.to_string(),
                problem: format!(
                    "the database applied another text ({}) than the one on disk ({})",
                    edited.recorded, edited.found
                ),
                hint: "restore the applied text from git, then run this again".to_owned(),
            });
        }
        lock.seal(migration);
        done.push(("sealed", id.clone()));
    }
    Ok(done)
}

/// Joins the two sides of a conflict.
fn merge(context: &Context) -> Result<Reply, Fault> {
    let path = context.migrations()?.join(LOCK_FILE);
    let shown = context.shown(&path);
    let text =
        fs::read_to_string(&path).map_err(|source| Fault::Io { path: shown.clone(), source })?;
    if LockFile::parse(&text).is_ok() {
        let text = format!("{} has no conflict: it is as it was", shown.display());
        return Ok(Reply::new(text, json!({ "changed": false })));
    }
    let lock = LockFile::merge_conflicted(&text)
        .map_err(|problem| Fault::Lock { path: shown.clone(), problem })?;
    context.write_lock(&lock)?;
    let reply = Reply::new(
        format!("{} has the {} lines of both sides", shown.display(), lock.entries.len()),
        json!({ "changed": true, "entries": lock.entries.len() }),
    );
    // the union may still disagree with the folder: say so while it is fresh
    let history = context.history()?;
    let problems: Vec<_> = xtask_db_history::disk_problems(&history)
        .into_iter()
        .filter(|problem| !problem.is_warning())
        .collect();
    if problems.is_empty() {
        context.output.say("review the order of the migrations, then: git add the lock file");
        return Ok(reply);
    }
    Ok(reply.problem(codes::problem(&Fault::Disk(problems))))
}
