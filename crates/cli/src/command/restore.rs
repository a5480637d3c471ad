//! `restore`: a backup brought back.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{
    DbUrl, Error, NoPrecaution, Session, contents, create, exists, marker, under_lock,
    unfinished_restore,
};

use crate::backup::{
    BackupFault, Chosen, Maker, Old, Purpose, Settings, Store, Verify, choose, restore,
};
use crate::command::env::typed_name;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::protect::DEVELOPMENT;

/// How much of a file's name fits the audit row.
const AUDIT_MAX: usize = 200;
/// How many objects an error names.
const NAMED_MAX: usize = 5;

/// Bring a backup back
///
/// Into an empty database, or a new one, without a question. Where something is there already, the
/// database's name must be typed, or given with `--yes-restore`; so too in a protected
/// environment.
///
/// What was there is not lost: PostgreSQL keeps the old database under another name, SQLite the
/// old file beside the new one; on MySQL and MariaDB it is backed up first. Nobody may be
/// connected meanwhile.
///
/// A backup is code that runs with the rights of the URL: restore only what you trust.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file, a name from `backups`, or `latest`
    #[arg(value_name = "BACKUP", default_value = "latest")]
    backup: String,
    /// Restore to this database in place of the one the backup is of
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// The database's name: what it holds is replaced
    #[arg(long, value_name = "DATABASE")]
    yes_restore: Option<String>,
    /// Leave owners and rights out, for a server without these roles (PostgreSQL)
    #[arg(long)]
    no_owner: bool,
    /// Take a file that has no record beside it
    #[arg(long)]
    unrecorded: bool,
}

/// What is in the database that is restored to.
#[derive(Debug, Default)]
struct Target {
    objects: Vec<String>,
    environment: Option<String>,
    /// An earlier restore did not come to its end.
    unfinished: bool,
}

pub(crate) async fn run(args: Restore, context: &Context) -> Result<Reply, Fault> {
    let settings = Settings::of(context.project()?)?;
    let store = Store { folder: settings.folder.clone() };
    let chosen = choose(context, &store, &args.backup, args.unrecorded)?;
    let to = target_url(&args, context)?;
    chosen.fits(&to)?;
    context.output.whisper(format!("to database {} on {}", to.database(), to.host()));
    let options = context.session()?;
    let made = !exists(&to, &options).await?;
    if made && to.dialect() != xtask_db_sql::Dialect::Sqlite {
        create(&to, &options).await?;
    }
    let target = if made { Target::default() } else { look(context, &to).await? };
    confirm(&args, context, &to, &target)?;
    let replace = target.unfinished || !target.objects.is_empty();
    let safety = match chosen.form {
        crate::backup::Form::Sql if replace && !target.unfinished => {
            Some(safety(context, &to).await?)
        }
        _ => None,
    };
    let old = restore(context, &to, &chosen, &settings, args.no_owner)?.run(replace).await?;
    note(context, &to, &chosen).await?;
    Ok(reply(context, &to, &chosen, &old, safety))
}

fn target_url(args: &Restore, context: &Context) -> Result<DbUrl, Fault> {
    match &args.to {
        None => Ok(context.database()?.value),
        Some(text) => DbUrl::parse(text, &context.project()?.root).map_err(|problem| {
            let origin = "--to".to_owned();
            crate::fault::ConfigFault::Url { origin, problem }.into()
        }),
    }
}

async fn look(context: &Context, to: &DbUrl) -> Result<Target, Fault> {
    let mut session = Session::open(to, &context.ledger()?, &context.session()?).await?;
    let seen = async {
        Ok::<_, Error>(Target {
            unfinished: unfinished_restore(&mut session).await?.is_some(),
            objects: contents(&mut session).await?,
            environment: marker(&mut session).await?.environment,
        })
    }
    .await;
    session.close().await;
    Ok(seen?)
}

/// The name of what is replaced, or of what is protected, is typed.
fn confirm(args: &Restore, context: &Context, to: &DbUrl, target: &Target) -> Result<(), Fault> {
    let project = context.project()?;
    let named = project.environment.as_ref().map(|environment| environment.value.clone());
    if let (None, Some(found), Some(given)) = (&args.to, &target.environment, &named)
        && found != given
    {
        return Err(Error::Environment { found: found.clone(), given: given.clone() }.into());
    }
    let count = target.objects.len();
    let elsewhere = target.environment.as_deref().is_some_and(|name| name != DEVELOPMENT);
    let protected = (args.to.is_none() && project.protected()) || elsewhere;
    if count == 0 && !protected {
        return Ok(());
    }
    let database = to.database();
    if count > 0 && args.yes_restore.is_none() && !context.interactive {
        let some = target.objects.iter().take(NAMED_MAX).cloned().collect();
        return Err(BackupFault::NotEmpty { database, count, some }.into());
    }
    let what = if count == 0 { "This restores to" } else { "This replaces" };
    let question = format!("{what} {database} on {}.", to.host());
    let typed = args.yes_restore.as_deref();
    context.confirm_name(&question, typed_name(&database), typed, "--yes-restore")
}

/// A backup of what is replaced, where the server cannot keep it. Returns its file.
async fn safety(context: &Context, to: &DbUrl) -> Result<String, Fault> {
    let mut session = Session::open(to, &context.ledger()?, &context.session()?).await?;
    let made = async {
        let on = (&mut session, to);
        let mut maker = Maker::prepare(context, on, Purpose::Restore, Verify::Read).await?;
        let actor = context.actor("backup before restore");
        let wait = std::time::Duration::from_secs(60);
        let mut progress = context.progress();
        let done = under_lock(&mut session, &actor, wait, &mut maker, &mut progress).await;
        done.map_err(|error| maker.explain(error))?;
        maker.made.ok_or_else(|| Fault::Internal("no backup was made".to_owned()))
    }
    .await;
    session.close().await;
    Ok(context.shown(&made?.0).display().to_string())
}

/// The audit row, in what was restored.
async fn note(context: &Context, to: &DbUrl, chosen: &Chosen) -> Result<(), Fault> {
    let mut session = Session::open(to, &context.ledger()?, &context.session()?).await?;
    let command: String = format!("restore {}", chosen.name()).chars().take(AUDIT_MAX).collect();
    let actor = context.actor(&command);
    let wait = std::time::Duration::from_secs(60);
    let mut progress = context.progress();
    let done = under_lock(&mut session, &actor, wait, &mut NoPrecaution, &mut progress).await;
    session.close().await;
    Ok(done?)
}

fn reply(
    context: &Context,
    to: &DbUrl,
    chosen: &Chosen,
    old: &Old,
    safety: Option<String>,
) -> Reply {
    let database = to.database();
    let mut text = format!("restored {} to {database} on {}", chosen.name(), to.host());
    if let Some(last) = chosen.record.as_ref().and_then(|record| record.last_migration.as_ref()) {
        text.push_str(&format!(", as of {last}"));
    }
    let kept = match old {
        Old::None => None,
        Old::Database(name) => Some(name.clone()),
        Old::File(path) => Some(context.shown(path).display().to_string()),
        Old::Gone => safety,
    };
    if let Some(kept) = &kept {
        text.push_str(&format!("\nwhat was there is kept as {kept}"));
    }
    let object = json!({
        "database": database, "host": to.host(), "file": chosen.name(), "kept": kept,
    });
    Reply::new(text, object)
}
