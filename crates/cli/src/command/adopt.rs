//! `adopt`: another tool's folder and ledger become ours.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use xtask_db_engine::{
    DeployOptions, ForeignTool, ResolveReport, Session, adopt_rows, applied_elsewhere,
};
use xtask_db_history::{Entry, History, LOCK_FILE, LockError, LockFile, read_folder};

use crate::adopt::{
    Change, Folder, Matched, Problem, carry_out, ignored_characters, match_rows, read,
};
use crate::command::pull;
use crate::context::Context;
use crate::fault::Fault;
use crate::init::Step;
use crate::new_lock;

use crate::output::Reply;
use crate::schema::tell_unmodelled;
use crate::{place, settings, texts};

/// The ledger that Prisma and this tool share.
const PRISMA_TABLE: &str = "_prisma_migrations";

/// How many names a note lists.
const NAMES_SHOWN: usize = 5;

/// Take over the migrations and the ledger of sqlx, Prisma or diesel
///
/// The folder becomes one of ours, every migration is sealed in the lock file, and what the other
/// tool's ledger says is applied is recorded in ours, in one transaction. Its own table stays as
/// it is, so old replicas still start; a Prisma database is shared in place. Texts are compared
/// with the recorded checksums before anything is written. A run that was cut off is finished by
/// running it again; other databases of the same history are taken over by running it with their
/// --env or --url. No migration is run.
///
/// Exit status: 0 taken over, 4 something must be settled first, and nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// The other tool
    #[arg(long, value_name = "TOOL")]
    from: From,
    /// Show every change, and make none
    #[arg(long)]
    dry_run: bool,
    /// The other tool's folder, when the settings do not name it yet
    #[arg(long, value_name = "DIR")]
    source: Option<PathBuf>,
    /// Take over the folder only; connect to no database
    #[arg(long)]
    no_db: bool,
    /// Prisma does not compare texts: take the texts on disk for those that were applied
    #[arg(long)]
    accept_edited: bool,
}

/// The tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    Sqlx,
    Prisma,
    Diesel,
}

impl From {
    const fn tool(self) -> ForeignTool {
        match self {
            Self::Sqlx => ForeignTool::Sqlx,
            Self::Prisma => ForeignTool::Prisma,
            Self::Diesel => ForeignTool::Diesel,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::Prisma => "prisma",
            Self::Diesel => "diesel",
        }
    }
}

/// Everything that is going to be done.
struct Plan {
    dir: PathBuf,
    folder: Folder,
    lock: LockFile,
    settings: Vec<Step>,
    /// None: no database is looked at, or it has no ledger of the other tool.
    matched: Option<Matched>,
    notes: Vec<String>,
}

pub(crate) async fn run(args: Adopt, context: &Context) -> Result<Reply, Fault> {
    let (mut plan, session) = plan(&args, context).await?;
    let mut report = ResolveReport::default();
    if !args.dry_run {
        let history = convert(&plan, context)?;
        plan.notes.extend(not_runnable(&history));
        if let (Some(mut session), Some(matched)) = (session, &plan.matched) {
            let options = options(context)?;
            // Prisma's rows are in the ledger already: only the tables beside it are made
            let rows = if args.from == From::Prisma { &[] } else { matched.applied.as_slice() };
            let done = adopt_rows(&mut session, &history, rows, &options).await;
            session.close().await;
            report = done?;
        }
        if args.from == From::Prisma && !args.no_db {
            let note = declare(context, &history).await;
            plan.notes.push(note);
        }
    } else if let Some(session) = session {
        session.close().await;
    }
    Ok(reply(&args, &plan, &report, context))
}

/// Writes what the migrations make as the declared schema, in place of Prisma's. The history is
/// taken over whether or not that can be done.
async fn declare(context: &Context, history: &History) -> String {
    let written = async {
        let path = context.project()?.schema().0;
        let shown = context.shown(&path).display().to_string();
        if path.exists() {
            return Ok(format!("{shown} is there already"));
        }
        let mut shadows = context.shadows(&history.lock)?;
        let text = async {
            let whole = (history, &history.lock);
            let made = context.catalog_of(&mut shadows, whole, &history.migrations).await?;
            tell_unmodelled(context, [&made.catalog]);
            pull::text(&made.catalog, &path, context, &mut shadows).await
        }
        .await;
        shadows.release(&mut context.progress()).await;
        let io = |source| Fault::Io { path: path.clone(), source };
        place::replace(&path, text?.as_bytes()).map_err(io)?;
        Ok::<_, Fault>(format!("wrote {shown}, what the migrations make: edit it, then migrate"))
    };
    written.await.unwrap_or_else(|fault| {
        format!("no schema.sql was written ({fault}); later: cargo xtask db pull")
    })
}

/// Reads folder and ledger, and refuses with every problem that is found.
async fn plan(args: &Adopt, context: &Context) -> Result<(Plan, Option<Session>), Fault> {
    let project = context.project()?;
    let dir = match &args.source {
        Some(source) => context.folder.join(source),
        None => project.migrations(),
    };
    if !dir.is_dir() {
        return Err(Fault::NoFolder { path: dir });
    }
    let mut lock = lock(args, context, &dir)?;
    let io = |source| Fault::Io { path: dir.clone(), source };
    let mut folder = read(args.from.tool(), &dir, lock.syntax()).map_err(io)?;
    if folder.taken.is_empty() && folder.problems.is_empty() {
        return Err(Fault::Usage(format!(
            "{} has no migrations of {}; name their folder: --source DIR",
            context.shown(&dir).display(),
            args.from.name()
        )));
    }
    let mut problems = std::mem::take(&mut folder.problems);
    let mut notes = std::mem::take(&mut folder.notes);

    let mut session = None;
    let mut matched = None;
    if !args.no_db {
        let history = History { migrations: Vec::new(), lock: lock.clone() };
        let mut opened = context.open_to_write(&history).await?;
        match applied_elsewhere(&mut opened, args.from.tool()).await? {
            Some(rows) => {
                let sqlx_toml = std::fs::read_to_string(project.root.join("sqlx.toml")).ok();
                let ignored = match args.from {
                    From::Sqlx => ignored_characters(sqlx_toml.as_deref()),
                    From::Prisma | From::Diesel => Ok(Vec::new()),
                };
                let ignored = ignored.unwrap_or_else(|problem| {
                    problems.push(problem);
                    Vec::new()
                });
                let mut found = match_rows(args.from.tool(), &folder, &rows, &ignored);
                problems.append(&mut found.problems);
                matched = Some(found);
            }
            None => notes.push(format!(
                "the database has no ledger of {}; nothing is recorded in it",
                args.from.name()
            )),
        }
        session = Some(opened);
    }
    if let Some(matched) = &matched {
        edited(args, matched, &mut lock, &folder, &mut problems);
        notes.extend(without_file(args, matched));
    }
    if !problems.is_empty() {
        return Err(Fault::Adopt { tool: args.from.name(), problems });
    }
    let settings = settings::follow(context, &dir, &lock)?;
    if !settings.is_empty() {
        notes.extend(left_behind(context, &dir));
    }
    Ok((Plan { dir, folder, lock, settings, matched, notes }, session))
}

/// The lock file that is there, or a new one with the ledger's name.
fn lock(args: &Adopt, context: &Context, dir: &Path) -> Result<LockFile, Fault> {
    let table = match args.from {
        From::Prisma => PRISMA_TABLE.to_owned(),
        From::Sqlx | From::Diesel => context.project()?.history_table(),
    };
    let path = || context.shown(&dir.join(LOCK_FILE));
    match LockFile::read(dir) {
        Ok(mut lock) if lock.table == table || lock.entries.is_empty() => {
            lock.table = table;
            Ok(lock)
        }
        Ok(lock) => Err(Fault::Refused {
            what: format!("{} is for the ledger {}, not {table}", path().display(), lock.table),
            hint:
                "the name in the lock file counts: adopt into that one, or start with no lock file"
                    .to_owned(),
        }),
        Err(LockError::Missing { .. }) => {
            let provider = match new_lock::prisma_provider(dir) {
                Some(provider) => provider,
                None => new_lock::provider(context)?,
            };
            Ok(LockFile::new(provider, &table))
        }
        Err(problem) => Err(Fault::Lock { path: path(), problem }),
    }
}

/// Prisma's rows with another text: refused, or recorded as an earlier text of the migration.
fn edited(
    args: &Adopt,
    matched: &Matched,
    lock: &mut LockFile,
    folder: &Folder,
    problems: &mut Vec<Problem>,
) {
    for (id, earlier) in &matched.earlier {
        let known = lock.sealed(id).is_some_and(|sealed| sealed.was.contains(earlier));
        if known {
            continue;
        }
        if !args.accept_edited {
            problems.push(Problem::EditedUnnoticed { id: id.clone() });
            continue;
        }
        let Some(taken) = folder.taken.iter().find(|taken| taken.id == *id) else { continue };
        if lock.sealed(id).is_none()
            && let Some(sealed) = taken.seal(lock.syntax())
        {
            lock.put(Entry::Sealed(sealed));
        }
        if let Some(mut sealed) = lock.sealed(id).cloned() {
            sealed.was.push(*earlier);
            lock.put(Entry::Sealed(sealed));
        }
    }
}

/// Rows of another branch, or of migrations that were squashed.
fn without_file(args: &Adopt, matched: &Matched) -> Option<String> {
    let count = matched.without_file.len();
    let what = match args.from {
        From::Prisma => "`status` names them, and `lock --absent ID` accepts one",
        From::Sqlx | From::Diesel => "they stay in the other ledger and are not recorded in ours",
    };
    let names = some(matched.without_file.iter().map(String::as_str));
    (count > 0).then(|| format!("{count} applied without a file here; {what}: {names}"))
}

/// The first names of a list.
fn some<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    let shown: Vec<&str> = names.take(NAMES_SHOWN).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// A lock file that `init` made where nothing came to be.
fn left_behind(context: &Context, dir: &Path) -> Option<String> {
    let old = context.project().ok()?.migrations();
    let empty = LockFile::read(&old).is_ok_and(|lock| lock.entries.is_empty());
    let lock = context.shown(&old.join(LOCK_FILE));
    (old != dir && empty).then(|| format!("{} is empty; remove it", lock.display()))
}

/// The folder, the lock file, the settings; in this order, so that a cut leaves a folder that the
/// next run understands.
fn convert(plan: &Plan, context: &Context) -> Result<History, Fault> {
    let io = |source| Fault::Io { path: context.shown(&plan.dir), source };
    carry_out(&plan.dir, &plan.folder.changes).map_err(io)?;
    let migrations = read_folder(&context.shown(&plan.dir)).map_err(Fault::Folder)?;
    let mut lock = plan.lock.clone();
    for migration in &migrations {
        if lock.sealed(&migration.id).is_none() {
            lock.seal(migration);
        }
    }
    let path = plan.dir.join(LOCK_FILE);
    lock.write(&plan.dir).map_err(|problem| Fault::Lock { path: context.shown(&path), problem })?;
    settings::write_steps(context, &plan.settings)?;
    Ok(History { migrations, lock })
}

/// Applied texts may hold what only the server's own client can run.
fn not_runnable(history: &History) -> Option<String> {
    let ids: Vec<&str> = history
        .migrations
        .iter()
        .filter(|migration| !texts::faults(migration, history).is_empty())
        .map(|migration| migration.id.as_str())
        .collect();
    (!ids.is_empty()).then(|| {
        format!(
            "{} cannot be run by this tool as they are; `check` says why: {}",
            ids.len(),
            some(ids.iter().copied())
        )
    })
}

fn options(context: &Context) -> Result<DeployOptions, Fault> {
    let environment = &context.project()?.environment;
    Ok(DeployOptions {
        actor: context.actor("adopt"),
        environment: environment.as_ref().map(|environment| environment.value.clone()),
        ..DeployOptions::default()
    })
}

fn reply(args: &Adopt, plan: &Plan, report: &ResolveReport, context: &Context) -> Reply {
    let applied = plan.matched.as_ref().map_or(0, |matched| matched.applied.len());
    let dir = context.shown(&plan.dir);
    let mut lines = Vec::new();
    if args.dry_run {
        lines.extend(plan.folder.changes.iter().map(ToString::to_string));
        lines.extend(
            plan.settings.iter().map(|step| format!("edit    {}: {}", step.path, step.what)),
        );
    }
    let would = if args.dry_run { "would be " } else { "" };
    lines.push(format!(
        "{} migrations of {} in {}: {would}sealed, with {} changes to files",
        plan.folder.taken.len(),
        args.from.name(),
        dir.display(),
        plan.folder.changes.len(),
    ));
    match (&plan.matched, args.from) {
        (None, _) => {}
        (Some(_), From::Prisma) => {
            lines.push(format!("{applied} are applied, in {PRISMA_TABLE}, which is shared"));
        }
        (Some(_), _) if args.dry_run => {
            lines.push(format!("{applied} would be recorded as applied in {}", plan.lock.table));
        }
        (Some(_), _) => lines.push(format!(
            "{} recorded as applied in {}, {} were there already",
            report.changed.len(),
            plan.lock.table,
            report.unchanged.len()
        )),
    }
    lines.extend(plan.notes.iter().map(|note| format!("note: {note}")));
    if !args.dry_run {
        context.output.say("next: cargo xtask db status, then commit the folder and the lock file");
        if !args.no_db && context.project().is_ok_and(|project| project.environment.is_none()) {
            let own = "is it your development database? cargo xtask db env --set development";
            context.output.say(own);
        }
    }
    Reply::new(lines.join("\n"), object(args, plan, report))
}

fn object(args: &Adopt, plan: &Plan, report: &ResolveReport) -> Value {
    let shown = |change: &Change| change.to_string();
    json!({
        "from": args.from.name(),
        "migrations": plan.folder.taken.iter().map(|taken| taken.id.as_str()).collect::<Vec<_>>(),
        "changes": plan.folder.changes.iter().map(shown).collect::<Vec<_>>(),
        "settings": plan.settings.iter().map(|step| &step.path).collect::<Vec<_>>(),
        "applied": plan.matched.as_ref().map(|matched| {
            matched.applied.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>()
        }),
        "recorded": report.changed, "unchanged": report.unchanged,
        "notes": plan.notes, "dry_run": args.dry_run,
    })
}
