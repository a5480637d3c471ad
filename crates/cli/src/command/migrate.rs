//! `migrate`: the development database is brought up to date, drafts included.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{DeployReport, Inspection, Session, deploy, inspect};
use xtask_db_history::{History, MigrationId};
use xtask_db_sql::split;

use crate::branch::{OnMissing, OnOutOfOrder, Settled};
use crate::command::new;
use crate::context::Context;
use crate::development::{self, Skip, Work};
use crate::fault::Fault;
use crate::output::Reply;
use crate::schema::{Declared, DraftArgs, OnDrift, Written, write_difference};
use crate::{drifted, missing, out_of_order};

/// Bring the development database to what schema.sql and the migrations say
///
/// Replays every migration on a throwaway database first, so that a broken one is found before
/// yours is touched. Then applies what is pending, drafts too, seals it in the lock file, and
/// runs the seeds and the generators. A database that is missing is created. Never runs on
/// another database than a development one.
///
/// With a declared schema (`schema.sql`, a file or a folder) what it has and the migrations do not
/// make is written as a new migration with its down.sql, tried on the throwaway database, shown,
/// and applied. You are asked about what may be a rename, and about rows that would be lost; each
/// question has a flag. Without such a file migrations are written by hand, as `new` begins them.
///
/// A database may have what another branch applied. What is applied and not on disk can be
/// reverted with the down text that the database kept, fetched from the git branch that has it, or
/// left as it is; what is older than the newest applied can be applied all the same, or your own
/// can be put after it. You are asked, or answer with `--on-missing` and `--on-out-of-order`.
///
/// Commands that it runs find the database in DATABASE_URL.
///
/// Exit status: 0 done, 1 a generator failed, 4 the history conflicts, 5 refused, 6 a migration
/// failed.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// The name of the new migration; without a declared schema, its folder is to be filled in
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Only write the new migration, to be looked over and changed; nothing is applied
    #[arg(long, requires = "name")]
    create_only: bool,
    #[command(flatten)]
    draft: DraftArgs,
    /// Migrations that are applied and not on this branch: asked when it is not given
    #[arg(long, value_name = "ANSWER")]
    on_missing: Option<OnMissing>,
    /// Pending migrations that are older than the newest applied: asked when it is not given
    #[arg(long, value_name = "ANSWER")]
    on_out_of_order: Option<OnOutOfOrder>,
    /// What was changed in the database outside the migrations: asked when it is not given
    #[arg(long, value_name = "ANSWER")]
    on_drift: Option<OnDrift>,
    /// The same as `--on-out-of-order apply`
    #[arg(long, hide = true, conflicts_with = "on_out_of_order")]
    out_of_order: bool,
    #[command(flatten)]
    skip: Skip,
}

pub(crate) async fn run(args: Migrate, context: &Context) -> Result<Reply, Fault> {
    let declared = Declared::find(context)?;
    if let Some(name) = args.name.as_ref().filter(|_| args.create_only) {
        return match &declared {
            None => new::run(&new::New::named(name), context),
            Some(declared) => create_only(&args, name, context, declared).await,
        };
    }
    context.refuse_protected("migrate")?;
    let history = context.history()?;
    let problems = development::serious(&history);
    if !problems.is_empty() {
        return Err(development::edited(context, problems)?);
    }
    let (mut session, created) = development::open(context, "migrate", &history).await?;
    let mut work = Work { created, ..Work::default() };
    let mut settled = Settled::new(context, &history)?;
    let mut written = Written::default();
    let brought = async {
        let on = (&mut settled, &mut session, &mut work);
        bring(&args, context, declared.as_ref(), on).await?;
        if let Some(declared) = &declared {
            let on = (&mut settled, &mut session, &mut work);
            written = difference(&args, context, declared, on).await?;
        }
        Ok(())
    }
    .await;
    settled.shadows.release(&mut context.progress()).await;
    match brought {
        Err(fault) if work.applied.is_empty() && work.sealed.is_empty() => {
            session.close().await;
            return Err(fault);
        }
        Err(fault) => {
            session.close().await;
            work.fault = Some(fault);
        }
        Ok(()) if !settled.changed(&work) => session.close().await,
        Ok(()) => development::finish(context, session, args.skip, &mut work).await,
    }
    answer(&args, context, declared.as_ref(), &settled, &written, work)
}

/// Writes what the declared schema has and the migrations do not make, and applies it.
async fn difference(
    args: &Migrate,
    context: &Context,
    declared: &Declared,
    (settled, session, work): (&mut Settled, &mut Session, &mut Work),
) -> Result<Written, Fault> {
    if settled.drifted.adopted_by_hand() {
        let shown = declared.path.display();
        context.output.say(format!(
            "what {shown} asks for comes with the next run; put into it first what was adopted, \
             or that is taken away again"
        ));
        return Ok(Written::default());
    }
    let name = args.name.as_deref();
    let both = (&settled.history, declared);
    let shadows = &mut settled.shadows;
    let written =
        write_difference(&args.draft, name, context, both, shadows, Some(session)).await?;
    if !written.ids.is_empty() {
        settled.reread(context)?;
        let mut options = development::options(context, "migrate")?;
        options.out_of_order = settled.out_of_order;
        development::apply(context, session, &settled.history, &options, work).await?;
    }
    Ok(written)
}

/// Writes the difference, or an empty draft where there is none; no database is changed.
async fn create_only(
    args: &Migrate,
    name: &str,
    context: &Context,
    declared: &Declared,
) -> Result<Reply, Fault> {
    context.refuse_protected("migrate")?;
    let history = context.history()?;
    let mut shadows = context.shadows(&history.lock)?;
    let both = (&history, declared);
    let written =
        write_difference(&args.draft, Some(name), context, both, &mut shadows, None).await;
    shadows.release(&mut context.progress()).await;
    let written = written?;
    if written.ids.is_empty() {
        let shown = declared.path.display();
        context.output.say(format!("{shown} asks for nothing: the migration is empty"));
        return new::run(&new::New::named(name), context);
    }
    context.output.say("look it over, then: cargo xtask db migrate");
    let lines: Vec<String> = written.ids.iter().map(|id| format!("created {id}")).collect();
    Ok(Reply::new(lines.join("\n"), written.json()))
}

/// Settles what other branches left, then checks, tries, applies, seals.
async fn bring(
    args: &Migrate,
    context: &Context,
    declared: Option<&Declared>,
    (settled, session, work): (&mut Settled, &mut Session, &mut Work),
) -> Result<(), Fault> {
    let mut options = development::options(context, "migrate")?;
    let seen = inspect(session, &settled.history).await?;
    development::refuse_unmanaged(&settled.history, &seen)?;
    settle(args, context, settled, session, &seen).await?;
    let seen = inspect(session, &settled.history).await?;
    let on = (&mut *settled, &mut *session);
    drifted::settle(args.on_drift, &args.draft, context, declared, on, &seen).await?;
    options.out_of_order = settled.out_of_order;
    options.dry_run = true;
    let mut progress = context.progress();
    let todo = deploy(session, &settled.history, &options, &mut progress).await;
    drop(progress);
    let DeployReport { applied, waiting, .. } = todo?;
    if !applied.is_empty() || waiting.is_some() {
        refuse_empty(&settled.history, applied.iter().map(|applied| &applied.id))?;
        settled.try_out(context).await?;
    }
    work.not_tried = settled.tried.clone().unwrap_or_default();
    let history = &settled.history;
    let seen = inspect(session, history).await?;
    work.sealed = development::seal(context, history, &development::unsealed(history, &seen))?;
    options.dry_run = false;
    development::apply(context, session, history, &options, work).await?;
    drifted::adopt(&args.draft, args.name.as_deref(), context, settled, session, work).await
}

/// Where the database and this branch parted. What a person must settle first stays a conflict.
async fn settle(
    args: &Migrate,
    context: &Context,
    settled: &mut Settled,
    session: &mut Session,
    seen: &Inspection,
) -> Result<(), Fault> {
    let survey = &seen.survey;
    let edited = survey.edited.iter().any(|edited| !edited.cosmetic);
    if edited || !survey.failed.is_empty() || !survey.renamed.is_empty() {
        return Ok(());
    }
    refuse_empty(&settled.history, survey.pending.iter())?;
    missing::settle(args.on_missing, context, session, seen, settled).await?;
    let apply = args.out_of_order.then_some(OnOutOfOrder::Apply);
    out_of_order::settle(args.on_out_of_order.or(apply), context, session, settled).await
}

/// A draft that nobody has written yet would be sealed as it is.
fn refuse_empty<'a>(
    history: &History,
    ids: impl Iterator<Item = &'a MigrationId>,
) -> Result<(), Fault> {
    let drafts = ids.filter(|id| history.lock.sealed(id).is_none());
    for migration in drafts.filter_map(|id| history.get(id)) {
        let script = split(&migration.up.text, history.lock.syntax());
        // One that only changes rows has its statement in backfill.sql.
        let fills = migration.backfill.is_some();
        if !fills && script.is_ok_and(|script| script.statements.is_empty()) {
            return Err(Fault::Migration {
                id: migration.id.to_string(),
                problem: "it has no SQL yet".to_owned(),
                hint: format!("write {}, or remove its folder", migration.up.path),
            });
        }
    }
    Ok(())
}

fn answer(
    args: &Migrate,
    context: &Context,
    declared: Option<&Declared>,
    settled: &Settled,
    written: &Written,
    work: Work,
) -> Result<Reply, Fault> {
    let mut lines = settled.lines();
    let mut object = json!({ "draft": null, "difference": null });
    settled.put_into(&mut object);
    if declared.is_some() {
        object["difference"] = written.json();
    }
    if work.applied.is_empty()
        && work.fault.is_none()
        && (declared.is_some() || args.name.is_none())
    {
        lines.push(up_to_date(settled.history.migrations.len(), declared));
    }
    let by_hand = declared.is_none() && work.fault.is_none();
    if let Some(name) = args.name.as_ref().filter(|_| by_hand) {
        let draft = new::run(&new::New::named(name), context)?;
        object["draft"] = draft.json;
        lines.push(draft.text);
    }
    Ok(work.reply(lines, object))
}

fn up_to_date(count: usize, declared: Option<&Declared>) -> String {
    let applied = match count {
        0 => "there are no migrations",
        1 => "1 migration is applied",
        _ => "",
    };
    let many = format!("{count} migrations are applied");
    let applied = if applied.is_empty() { &many } else { applied };
    match declared {
        None if count == 0 => format!("{applied}: cargo xtask db new NAME writes the first"),
        None => format!("up to date: {applied}"),
        Some(declared) if count == 0 => {
            format!("{applied}, and {} declares nothing", declared.path.display())
        }
        Some(declared) => {
            format!("up to date: {applied}, and {} asks for no more", declared.path.display())
        }
    }
}
