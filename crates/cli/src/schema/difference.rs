//! The difference between the migrations and a schema, written as new migrations.

use serde_json::{Value, json};
use xtask_db_engine::{Counted, Part, Read, Session, Shadows};
use xtask_db_history::{Entry, History, MigrationId, next_id, write_migration};
use xtask_db_schema::Plan;

use super::{
    Aim, Declared, DraftArgs, Drafted, Quieter, json_counted, json_steps, tell_unmodelled,
};
use crate::context::Context;
use crate::fault::Fault;

/// What was written for a difference.
#[derive(Default)]
pub(crate) struct Written {
    /// Empty: there was no difference.
    pub(crate) ids: Vec<MigrationId>,
    pub(crate) plan: Plan,
    pub(crate) counted: Vec<Counted>,
    /// Not compared.
    pub(crate) unmodelled: Vec<String>,
}

impl Written {
    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "written": self.ids.iter().map(MigrationId::as_str).collect::<Vec<_>>(),
            "steps": json_steps(&self.plan),
            "hazards": json_counted(&self.counted),
            "unmodelled": self.unmodelled,
        })
    }
}

/// Writes what the declared schema has and the migrations do not make.
pub(crate) async fn write_difference(
    args: &DraftArgs,
    name: Option<&str>,
    context: &Context,
    (history, declared): (&History, &Declared),
    shadows: &mut Shadows,
    session: Option<&mut Session>,
) -> Result<Written, Fault> {
    let to = context.catalog_of_schema(shadows, declared).await?;
    let whole = (history, &history.lock);
    let from = context.catalog_of(shadows, whole, &history.migrations).await?;
    let aim = Aim {
        from: &from.catalog,
        to: &to.catalog,
        declared: Some((declared, history.lock.syntax())),
        head: format!("{} asks for", declared.path.display()),
    };
    write_aim(args, name, context, (history, &from), &aim, (shadows, session)).await
}

/// Writes what leads from a history to a catalog. `from` is the history's.
pub(crate) async fn write_aim(
    args: &DraftArgs,
    name: Option<&str>,
    context: &Context,
    (history, from): (&History, &Read),
    aim: &Aim<'_>,
    (shadows, session): (&mut Shadows, Option<&mut Session>),
) -> Result<Written, Fault> {
    let unmodelled = tell_unmodelled(context, [aim.from, aim.to]);
    if aim.from.fingerprint() == aim.to.fingerprint() {
        return Ok(Written { unmodelled, ..Written::default() });
    }
    let mut observer = Quieter(context.progress().on_shadow());
    let shadow = shadows.take(&history.migrations, &mut observer).await?;
    let Some(drafted) = args.draft(context, aim, (shadow, shadows), session).await? else {
        return Ok(Written { unmodelled, ..Written::default() });
    };
    let Drafted { plan, proved, counted, name: fits } = drafted;
    let name = named(context, name, &fits)?;
    let ids = write(context, history, &name, &proved.parts)?;
    // It was just read from the server; a migration that is changed meanwhile has another key.
    let not_run = from.not_run.clone();
    let written = context.history()?;
    shadows.keep(&written.migrations, &Read { catalog: proved.catalog, not_run }).await?;
    Ok(Written { ids, plan, counted, unmodelled })
}

/// The name: what was given, else what is typed, else what fits.
fn named(context: &Context, given: Option<&str>, fits: &str) -> Result<String, Fault> {
    match given {
        Some(name) => Ok(name.to_owned()),
        None if context.interactive => context.type_in("Name of the migration:", fits),
        None => Ok(fits.to_owned()),
    }
}

/// Writes the migrations as drafts, one after the other. Returns their ids.
fn write(
    context: &Context,
    history: &History,
    name: &str,
    parts: &[Part],
) -> Result<Vec<MigrationId>, Fault> {
    let dir = context.migrations()?;
    let mut lock = context.lock_file()?.unwrap_or_else(|| history.lock.clone());
    let mut taken: Vec<MigrationId> = history.migrations.iter().map(|one| one.id.clone()).collect();
    taken.extend(lock.entries.iter().map(|entry| entry.id().clone()));
    let mut ids = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        let name = if at == 0 { name.to_owned() } else { format!("{name}_{}", at + 1) };
        let id = next_id(context.now(), &taken, &name)
            .map_err(|problem| Fault::Name { name: name.clone(), problem })?;
        let mut files = vec![("migration.sql", part.up.as_str())];
        match &part.down {
            Ok(down) => files.push(("down.sql", down.as_str())),
            Err(why) => context.output.say(format!("{id} has no down.sql: {why}")),
        }
        let folder =
            write_migration(&dir, &id, &files).map_err(|error| Fault::Folder(vec![error]))?;
        context.output.say(format!("wrote {}", context.shown(&folder).display()));
        lock.put(Entry::Draft(id.clone()));
        context.write_lock(&lock)?;
        taken.push(id.clone());
        ids.push(id);
    }
    Ok(ids)
}
