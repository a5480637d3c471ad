//! The difference between the migrations and the declared schema, written as new migrations.
//!
//! Invariant: what is written was run on a shadow, and led to the declared schema.

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::{Value, json};
use xtask_db_engine::{Counted, Draft, Part, Proved, Read, Session, Shadows, count};
use xtask_db_history::{Entry, History, MigrationId, next_id, write_migration};
use xtask_db_schema::{Online, Plan, PlanOptions};
use xtask_db_sql::Syntax;

use super::{
    Accept, Declared, Quieter, RenameArgs, json_counted, json_steps, lines, statements, suggest,
    unmodelled,
};
use crate::context::Context;
use crate::fault::Fault;

/// How a difference becomes migrations.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DraftArgs {
    #[command(flatten)]
    pub(crate) rename: RenameArgs,
    #[command(flatten)]
    pub(crate) accept: Accept,
    /// Forms that block nobody, where the server has them, in migrations of their own
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) online: OnlineArg,
}

/// When the forms that block nobody are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnlineArg {
    /// Where they are safer at no cost
    #[default]
    Auto,
    /// The plain statements, in one migration
    Never,
}

/// Both sides, read.
pub(crate) struct Sides<'a> {
    pub(crate) history: &'a History,
    pub(crate) declared: &'a Declared,
    pub(crate) from: Read,
    pub(crate) to: Read,
}

/// What is to be written.
pub(crate) struct Drafted {
    pub(crate) plan: Plan,
    pub(crate) proved: Proved,
    pub(crate) counted: Vec<Counted>,
    /// A name for it.
    pub(crate) name: String,
}

impl<'a> Sides<'a> {
    /// Reads both.
    pub(crate) async fn read(
        context: &Context,
        shadows: &mut Shadows,
        history: &'a History,
        declared: &'a Declared,
    ) -> Result<Self, Fault> {
        let migrations = &history.migrations;
        let to = context.catalog_of_schema(shadows, declared).await?;
        let from = context.catalog_of(shadows, (history, &history.lock), migrations).await?;
        Ok(Self { history, declared, from, to })
    }

    /// What is in either and not compared.
    pub(crate) fn unmodelled(&self) -> Vec<String> {
        unmodelled([&self.from.catalog, &self.to.catalog])
    }

    /// Plans, asks, shows and tries. `session` is on the development database, whose rows are
    /// counted; without one nothing is refused for them. None: there is no difference.
    pub(crate) async fn draft(
        &self,
        args: &DraftArgs,
        context: &Context,
        shadows: &mut Shadows,
        session: Option<&mut Session>,
    ) -> Result<Option<Drafted>, Fault> {
        let (from, to) = (&self.from.catalog, &self.to.catalog);
        if from.fingerprint() == to.fingerprint() {
            return Ok(None);
        }
        let mut observer = Quieter(context.progress().on_shadow());
        let shadow = shadows.take(&self.history.migrations, &mut observer).await?;
        let mut draft = Draft::new(shadow, shadows.scope().clone(), from.clone(), to.clone());
        let drafted = self.on_shadow(args, context, &mut draft, session, &mut observer).await;
        draft.release(&mut observer).await;
        drafted
    }

    async fn on_shadow(
        &self,
        args: &DraftArgs,
        context: &Context,
        draft: &mut Draft,
        session: Option<&mut Session>,
        observer: &mut Quieter,
    ) -> Result<Option<Drafted>, Fault> {
        let syntax: Syntax = self.history.lock.syntax();
        let declared = (self.declared, syntax);
        args.rename.settle(context, Some(declared), draft, observer).await?;
        let online = match args.online {
            OnlineArg::Auto => Online::Auto,
            OnlineArg::Never => Online::Never,
        };
        let plan = draft.plan(&PlanOptions { online })?;
        if plan.is_empty() {
            return Ok(None);
        }
        let empty = self.declared.is_empty(syntax);
        args.accept.drops(draft.now(), draft.to(), empty)?;
        let proved = draft.prove(&plan, observer).await?;
        show(context, &self.declared.path.display().to_string(), &plan);
        let name = suggest(draft.now(), draft.to());
        let counted = match session {
            Some(session) => {
                let counted = count(session, &plan, draft.renames()).await?;
                args.accept.rows(context, &counted)?;
                counted
            }
            None => Vec::new(),
        };
        Ok(Some(Drafted { plan, proved, counted, name }))
    }
}

fn show(context: &Context, schema: &str, plan: &Plan) {
    let count = statements(plan.steps.len());
    context.output.say(format!("{schema} asks for {count}, tried on a shadow:"));
    for line in lines(plan) {
        context.output.say(line);
    }
}

/// What was written for a difference.
#[derive(Default)]
pub(crate) struct Written {
    /// None: there was no difference.
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

/// Writes the difference between a history and the declared schema as migrations.
pub(crate) async fn write_difference(
    args: &DraftArgs,
    name: Option<&str>,
    context: &Context,
    (history, declared): (&History, &Declared),
    shadows: &mut Shadows,
    session: Option<&mut Session>,
) -> Result<Written, Fault> {
    let sides = Sides::read(context, shadows, history, declared).await?;
    let unmodelled = sides.unmodelled();
    for object in &unmodelled {
        context.output.say(format!("not compared, it is not in the model: {object}"));
    }
    let Some(drafted) = sides.draft(args, context, shadows, session).await? else {
        return Ok(Written { unmodelled, ..Written::default() });
    };
    let Drafted { plan, proved, counted, name: fits } = drafted;
    let name = named(context, name, &fits)?;
    let ids = write(context, history, &name, &proved.parts)?;
    // It was just read from the server; a migration that was changed meanwhile has another key.
    let not_run = sides.from.not_run.clone();
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
    let now: Timestamp = context.now();
    for (at, part) in parts.iter().enumerate() {
        let name = if at == 0 { name.to_owned() } else { format!("{name}_{}", at + 1) };
        let id = next_id(now, &taken, &name)
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
