//! `push`: the declared schema on a development database, without a migration.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{
    ChangeOptions, Counted, Session, Shadows, change, introspect, objects, reset,
};
use xtask_db_history::{History, LockFile};
use xtask_db_schema::Plan;

use crate::context::Context;
use crate::development::{self, Work};
use crate::fault::Fault;
use crate::generators;
use crate::output::Reply;
use crate::protect::DEVELOPMENT;
use crate::schema::{
    Aim, Declared, DraftArgs, Quieter, json_counted, json_steps, statements, tell_unmodelled,
};
use crate::{codes, new_lock};

/// Change the development database to what schema.sql declares, without a migration
///
/// For trying things out: the difference between the database and the declared schema is tried on
/// a throwaway database, shown, and run; no file is written. Once the schema is settled `migrate`
/// writes what was pushed as a migration, and takes it for applied. Never runs on another database
/// than a development one.
#[derive(Debug, Args)]
pub(crate) struct Push {
    #[command(flatten)]
    draft: DraftArgs,
    /// Drop everything in the database first, with all rows
    #[arg(long)]
    force_reset: bool,
    /// Do not run the generators (after-migrate)
    #[arg(long)]
    skip_generators: bool,
}

/// What was done.
#[derive(Default)]
struct Pushed {
    dropped: Vec<String>,
    plan: Plan,
    counted: Vec<Counted>,
    unmodelled: Vec<String>,
}

pub(crate) async fn run(args: Push, context: &Context) -> Result<Reply, Fault> {
    context.refuse_protected("push")?;
    let declared = Declared::read(context, &context.project()?.schema().0)?;
    let history = history(context)?;
    let (mut session, created) = development::open(context, "push", &history).await?;
    let mut shadows = context.shadows(&history.lock)?;
    let both = (&history, &declared);
    let pushed = push(&args, context, both, &mut shadows, &mut session).await;
    shadows.release(&mut context.progress()).await;
    session.close().await;
    let pushed = pushed?;
    let mut work = Work { created, ..Work::default() };
    if !args.skip_generators && !pushed.plan.is_empty() {
        match generators::run(context, history.dialect()).await {
            Ok(commands) => work.generators = commands,
            Err(fault) => work.fault = Some(fault),
        }
    }
    Ok(reply(&declared, &pushed, work))
}

fn reply(declared: &Declared, pushed: &Pushed, work: Work) -> Reply {
    let shown = declared.path.display();
    let mut lines = Vec::new();
    if !pushed.dropped.is_empty() {
        let count = pushed.dropped.len();
        lines.push(format!("dropped {count} object{}", if count == 1 { "" } else { "s" }));
    }
    lines.push(match pushed.plan.is_empty() {
        true => format!("the database has what {shown} declares"),
        false => format!("ran {}", statements(pushed.plan.steps.len())),
    });
    let object = json!({
        "created": work.created, "dropped": pushed.dropped, "steps": json_steps(&pushed.plan),
        "hazards": json_counted(&pushed.counted), "unmodelled": pushed.unmodelled,
        "generators": work.generators,
    });
    let reply = Reply::new(lines.join("\n"), object);
    match &work.fault {
        None => reply,
        Some(fault) => reply.problem(codes::problem(fault)),
    }
}

/// The lock file says what kind of database it is; a project without migrations has none.
fn history(context: &Context) -> Result<History, Fault> {
    if context.project()?.migrations().is_dir() {
        let lock = new_lock::read_or_new(context)?;
        return Ok(History { migrations: Vec::new(), lock });
    }
    let table = context.project()?.history_table();
    let lock = LockFile::new(new_lock::provider(context)?, &table);
    Ok(History { migrations: Vec::new(), lock })
}

async fn push(
    args: &Push,
    context: &Context,
    (history, declared): (&History, &Declared),
    shadows: &mut Shadows,
    session: &mut Session,
) -> Result<Pushed, Fault> {
    let mut pushed = Pushed::default();
    // What does not load is found before anything is dropped.
    let to = context.catalog_of_schema(shadows, declared).await?.catalog;
    if args.force_reset {
        let scope = context.project()?.scope();
        for object in objects(session, &scope).await? {
            context.output.say(format!("will drop {object}"));
        }
        pushed.dropped = reset(session, &scope).await?;
    }
    let live = introspect(session, shadows.scope()).await?;
    pushed.unmodelled = tell_unmodelled(context, [&live, &to]);
    if live.fingerprint() == to.fingerprint() {
        return Ok(pushed);
    }
    let mut observer = Quieter(context.progress().on_shadow());
    let shadow = shadows.holding(&live, &mut observer).await?;
    let aim = Aim {
        from: &live,
        to: &to,
        declared: Some((declared, history.lock.syntax())),
        head: format!("{} asks the database for", declared.path.display()),
    };
    let drafted = args.draft.draft(context, &aim, (shadow, shadows), Some(session)).await?;
    let Some(drafted) = drafted else { return Ok(pushed) };
    let options = ChangeOptions {
        actor: context.actor("push"),
        lock_wait: development::LOCK_WAIT,
        marker: DEVELOPMENT.to_owned(),
    };
    change(session, &drafted.texts(), &[], &options, &mut context.progress()).await?;
    pushed.plan = drafted.plan;
    pushed.counted = drafted.counted;
    Ok(pushed)
}
