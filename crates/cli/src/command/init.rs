//! `init`: what a workspace needs.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use xtask_db_sql::Dialect;

use crate::context::{Context, VERSION};
use crate::fault::{ConfigFault, Fault};
use crate::git::Git;
use crate::init::{Plan, Request, Step, Tree, plan, write};
use crate::new_lock;
use crate::output::Reply;
use crate::settings::{Workspace, below};

/// Set a workspace up: the xtask crate and its alias, settings, migrations/ with a lock file
///
/// Files that are there are edited in place, with their comments and formatting, or left alone;
/// a second run changes nothing. An xtask that is there already is not touched: the two lines it
/// needs are printed. With --package the database is that member's own. Refuses when git or
/// docker would leave the lock file out.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The database; without it, the URL says, else sqlite
    #[arg(long, value_name = "DATABASE", value_parser = ["sqlite", "postgres", "mysql"])]
    dialect: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Depend on a checkout of the tool instead of the published crate
    #[arg(long, value_name = "DIR", hide = true)]
    source: Option<PathBuf>,
}

pub(crate) fn run(args: &Init, context: &Context) -> Result<Reply, Fault> {
    let workspace = Workspace::find(&context.folder)?.ok_or_else(|| {
        let said = "there is no Cargo.toml here or above: start with `cargo new`, or give \
                    --migrations and --url to work without cargo";
        Fault::Usage(said.to_owned())
    })?;
    let request = request(args, context, &workspace)?;
    let refuse = |problem| Fault::Init(vec![problem]);
    let tree = Tree::read(&workspace.root, &request, workspace.members).map_err(refuse)?;
    let git = Git::find(&workspace.root);
    let ignores = |path: &str| git.as_ref()?.ignored_by(&workspace.root.join(path));
    let plan = plan(&tree, &request, &ignores).map_err(Fault::Init)?;
    if !args.dry_run {
        write(&workspace.root, &plan.steps).map_err(refuse)?;
    }
    Ok(reply(&plan, &request, args.dry_run))
}

fn request(args: &Init, context: &Context, workspace: &Workspace) -> Result<Request, Fault> {
    let package = match &context.global.package {
        None => None,
        Some(name) => {
            let known = || workspace.members.keys().cloned().collect();
            let dir = workspace.members.get(name).ok_or_else(|| {
                Fault::Config(ConfigFault::Package { name: name.clone(), known: known() })
            })?;
            Some((name.clone(), dir.clone()))
        }
    };
    let project = context.project()?;
    let dir = match (&package, &context.global.migrations) {
        // before it has a table of its own, a package's folder is its own, not the workspace's
        (Some((_, dir)), None) if project.package_table("migrations").is_none() => {
            workspace.root.join(dir).join("migrations")
        }
        _ => project.migrations(),
    };
    let migrations =
        below(&workspace.root, &dir).filter(|dir| !dir.is_empty()).ok_or_else(|| {
            let said = format!("{} is not inside the workspace", context.shown(&dir).display());
            Fault::Usage(said)
        })?;
    Ok(Request {
        dialect: dialect(args, context, &dir)?,
        migrations,
        package: package.filter(|(_, dir)| !dir.is_empty()),
        table: project.history_table(),
        version: VERSION.to_owned(),
        source: source(args, context)?,
    })
}

/// The flag, else what is there, else the URL, else SQLite.
fn dialect(args: &Init, context: &Context, migrations: &Path) -> Result<Dialect, Fault> {
    let given = args.dialect.as_deref().and_then(|name| name.parse().ok());
    if let Some(dialect) = given.or_else(|| new_lock::prisma_provider(migrations)) {
        return Ok(dialect);
    }
    if let Ok(lock) = xtask_db_history::LockFile::read(migrations) {
        return Ok(lock.provider);
    }
    new_lock::provider(context)
}

fn source(args: &Init, context: &Context) -> Result<Option<PathBuf>, Fault> {
    let Some(source) = &args.source else { return Ok(None) };
    let path = context.folder.join(source);
    let full = path.canonicalize().map_err(|source| Fault::Io { path, source })?;
    Ok(Some(full))
}

fn reply(plan: &Plan, request: &Request, dry_run: bool) -> Reply {
    let verb = |step: &Step| match (step.before.is_some(), dry_run) {
        (false, false) => "created",
        (true, false) => "edited",
        (false, true) => "would create",
        (true, true) => "would edit",
    };
    let mut lines: Vec<String> = plan
        .steps
        .iter()
        .map(|step| format!("{} {}: {}", verb(step), step.path, step.what))
        .collect();
    if lines.is_empty() {
        lines.push("everything is there already; nothing was changed".to_owned());
    }
    lines.extend(plan.notes.iter().map(|note| format!("note: {note}")));
    if !plan.next.is_empty() {
        lines.push("\nnext:".to_owned());
        lines.extend(plan.next.iter().map(|next| format!("  {next}")));
    }
    let steps: Vec<_> = plan
        .steps
        .iter()
        .map(|step| json!({ "path": step.path, "what": step.what, "new": step.before.is_none() }))
        .collect();
    let object = json!({
        "provider": request.dialect.provider(), "migrations": request.migrations, "steps": steps,
        "kept": plan.kept, "notes": plan.notes, "next": plan.next, "dry_run": dry_run,
    });
    Reply::new(lines.join("\n"), object)
}
