//! `new`: a draft.

use clap::Args;
use serde_json::json;
use xtask_db_history::{Entry, Migration, MigrationId, next_id, read_folder, write_migration};

use crate::context::Context;
use crate::draft::{self, Files};
use crate::fault::Fault;
use crate::new_lock;
use crate::output::Reply;
use crate::reverting;

/// Write the folder of a new migration
///
/// Makes a folder whose name sorts after every other, with a migration.sql to fill in, and a
/// `draft` line in the lock file. Drafts may change until `migrate` or `lock` seals them. The
/// database is not touched.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// What it does, in a few words, such as add_course_status
    #[arg(value_name = "NAME", required_unless_present = "reverting")]
    name: Option<String>,
    /// Write a down.sql too, for the way back
    #[arg(long)]
    down: bool,
    /// Undo this migration with a new one: its down.sql becomes the migration.sql; without one the
    /// statements are planned, and tried on a throwaway database
    #[arg(long, value_name = "ID")]
    reverting: Option<String>,
}

impl New {
    /// An empty draft of this name.
    pub(crate) fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), down: false, reverting: None }
    }
}

/// The command: what undoes a migration may have to be planned.
pub(crate) async fn command(args: New, context: &Context) -> Result<Reply, Fault> {
    let planned = match &args.reverting {
        Some(id) => reverting::planned(context, id).await?,
        None => None,
    };
    write(&args, planned, context)
}

/// Writes an empty draft.
pub(crate) fn run(args: &New, context: &Context) -> Result<Reply, Fault> {
    write(args, None, context)
}

fn write(args: &New, planned: Option<Files>, context: &Context) -> Result<Reply, Fault> {
    let dir = context.migrations()?;
    let migrations = read_folder(&context.shown(&dir)).map_err(Fault::Folder)?;
    let mut lock = new_lock::read_or_new(context)?;
    let reverted = match &args.reverting {
        Some(id) => Some(find(&migrations, id)?),
        None => None,
    };
    let files = match reverted {
        Some(migration) => {
            draft::reverting(migration).or(planned).ok_or_else(|| no_way_back(migration))?
        }
        None => draft::empty(args.down),
    };
    let name = match (&args.name, reverted) {
        (Some(name), _) => name.clone(),
        (None, reverted) => draft::reverting_name(reverted.map_or("", |m| m.id.as_str())),
    };

    // a line without a folder counts too: its id is taken elsewhere
    let mut taken: Vec<MigrationId> = migrations.iter().map(|m| m.id.clone()).collect();
    taken.extend(lock.entries.iter().map(|entry| entry.id().clone()));
    let id = next_id(context.now(), &taken, &name)
        .map_err(|problem| Fault::Name { name: name.clone(), problem })?;
    let texts: Vec<(&str, &str)> =
        files.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let folder = write_migration(&dir, &id, &texts).map_err(|error| Fault::Folder(vec![error]))?;
    lock.put(Entry::Draft(id.clone()));
    context.write_lock(&lock)?;

    let folder = context.shown(&folder);
    let paths: Vec<String> =
        files.iter().map(|(file, _)| folder.join(file).display().to_string()).collect();
    let lines: Vec<String> = paths.iter().map(|path| format!("created {path}")).collect();
    let verb = if reverted.is_some() { "look it over" } else { "write its SQL" };
    context.output.say(format!("{verb}, then: cargo xtask db migrate"));
    Ok(Reply::new(lines.join("\n"), json!({ "id": id.as_str(), "files": paths })))
}

fn find<'a>(migrations: &'a [Migration], id: &str) -> Result<&'a Migration, Fault> {
    let found = migrations.iter().find(|migration| migration.id.as_str() == id);
    found.ok_or_else(|| Fault::NoMigration { id: id.to_owned() })
}

fn no_way_back(migration: &Migration) -> Fault {
    Fault::Migration {
        id: migration.id.to_string(),
        problem: "it has no down.sql that says how to undo it".to_owned(),
        hint: "write the way back yourself: cargo xtask db new NAME --down".to_owned(),
    }
}
