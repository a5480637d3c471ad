//! `deploy`: applies what is pending. Never generates, never asks.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::json;
use xtask_db_engine::{
    DeployOptions, DeployReport, DriftCheck, Ledger, Precaution, Precaved, Session, WaitsFor,
    deploy_after, inspect,
};
use xtask_db_history::{History, MigrationId};

use crate::backfilling::{fill_and_go_on, still_waits};
use crate::backup::{Maker, Purpose, Record, Verify};
use crate::codes;
use crate::command::backup::object;
use crate::command::env::typed_name;
use crate::config::Backup;
use crate::context::Context;
use crate::counted::counted_is;
use crate::fault::Fault;
use crate::output::{Output, Reply};
use crate::progress::took;

/// How much of a reason fits the audit row's command.
const AUDIT_MAX: usize = 200;

/// Apply pending migrations: for CI jobs, release jobs and start-up
///
/// Runs what the lock file has sealed, in order, under the deploy lock, and nothing else: it never
/// writes a file, never asks, never resets. A second deploy at the same time waits for the first.
/// Where the database can undo a schema change, a migration is applied whole or not at all.
///
/// A backfill is run too where `backfill` is `run`, as it is in development; elsewhere a migration
/// that waits for one is left for a later deploy.
///
/// Exit status: 0 done, 3 a migration waits for a backfill, 4 the history conflicts, 5 refused, 6 a
/// migration failed, 7 the lock was not free in time, 8 drift with --on-drift=stop, 9 the
/// connection failed.
#[derive(Debug, Args)]
pub(crate) struct Deploy {
    /// Show what would be applied, and apply nothing
    #[arg(long)]
    dry_run: bool,
    /// Stop after this migration
    #[arg(long, value_name = "ID")]
    to: Option<MigrationId>,
    /// Apply all of them in one transaction, or none
    #[arg(long)]
    atomic: bool,
    /// How long to wait for a deploy lock whose holder gives no sign of life, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lock_wait: u64,
    /// How long CREATE INDEX CONCURRENTLY may wait for the transactions of others, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    index_wait: u64,
    /// Try again what failed before with the same error
    #[arg(long)]
    retry: bool,
    /// Apply migrations that are older than the newest applied
    #[arg(long)]
    out_of_order: bool,
    /// What to do when a newer release has migrated the database
    #[arg(long, value_name = "WHAT", default_value = "accept")]
    on_ahead: OnAhead,
    /// Make a backup first, when something is pending; where `backup` is `required` it is made
    /// without this flag too
    #[arg(long, conflicts_with = "without_backup")]
    backup: bool,
    /// How far it is tried that the backup can be brought back
    #[arg(long, value_name = "HOW", default_value = "read")]
    verify: Verify,
    /// What to do when the schema was changed since the last deploy, outside the migrations
    #[arg(long, value_name = "WHAT", default_value = "warn")]
    on_drift: OnDrift,
    /// Deploy although pending migrations lose rows that are there
    #[cfg(feature = "lint")]
    #[arg(long)]
    accept_data_loss: bool,
    /// Deploy without the backup that the environment requires; the database's name
    #[arg(long, value_name = "DATABASE", requires = "reason")]
    without_backup: Option<String>,
    /// Why there is no backup; it is kept in the audit row
    #[arg(long, value_name = "TEXT", requires = "without_backup")]
    reason: Option<String>,
}

/// What to do when the database is ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnAhead {
    /// Say so and go on
    Accept,
    /// Refuse
    Stop,
}

/// What to do when the schema is not what the last deploy left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnDrift {
    /// Say so and go on
    Warn,
    /// Refuse
    Stop,
}

pub(crate) async fn run(args: Deploy, context: &Context) -> Result<Reply, Fault> {
    let history = context.history()?;
    let waived = waived(&args, context)?;
    let policy = context.project()?.backup()?.filter(|_| waived.is_none());
    let backed_up = args.backup || policy == Some(Backup::Required);
    let options = options(&args, context, waived.as_deref(), backed_up)?;
    let mut session = context.open_to_write(&history).await?;
    #[cfg(feature = "lint")]
    if let Err(fault) = refuse_loss(&args, context, &history, &mut session).await {
        session.close().await;
        return Err(fault);
    }
    let done = if backed_up && !args.dry_run {
        after_backup(&args, context, &history, &options, &mut session).await
    } else {
        let mut offer = Offer((policy == Some(Backup::Offered)).then_some(context.output));
        let mut progress = context.progress();
        let done = deploy_after(&mut session, &history, &options, &mut offer, &mut progress).await;
        done.map(|report| (report, None)).map_err(Fault::from)
    };
    let done = go_on(done, &args, context, &history, options, &mut session).await;
    session.close().await;
    let (report, made, waits) = done?;
    let mut reply = reply(&report, args.dry_run);
    if let Some(fault) = waits.filter(|_| !args.dry_run) {
        reply = reply.problem(codes::problem(&fault));
    }
    if let Some((path, record)) = made {
        reply.json["backup"] = object(&context.shown(&path).display().to_string(), &record);
    } else if args.dry_run && backed_up && !report.applied.is_empty() {
        reply.text.push_str("\na backup would be made first");
    }
    Ok(reply)
}

/// What a deploy did, the backup it made, and what waits for a backfill.
type Done = (DeployReport, Option<(PathBuf, Record)>, Option<Fault>);

/// Runs backfills and deploys what waited for them, where that is for `deploy` to do.
async fn go_on(
    done: Result<(DeployReport, Option<(PathBuf, Record)>), Fault>,
    args: &Deploy,
    context: &Context,
    history: &History,
    options: DeployOptions,
    session: &mut Session,
) -> Result<Done, Fault> {
    let (mut report, made) = done?;
    let project = context.project()?;
    // Of a database without a name only the marker says whether it may be worked on for long.
    let development = match project.environment {
        Some(_) => !project.protected(),
        None => report.environment.as_deref() == Some("development"),
    };
    if !args.dry_run && project.backfill()?.unwrap_or(development) {
        // A backup was made, or none is needed.
        let options = DeployOptions { backed_up: true, ..options };
        let mut progress = context.progress();
        fill_and_go_on(session, history, &options, &mut report, &mut progress).await?;
    }
    let waits = match report.waiting.clone() {
        None => None,
        Some(waiting) => {
            let ledger = inspect(session, history).await?.ledger;
            Some(still_waits(history, &ledger, waiting)?)
        }
    };
    Ok((report, made, waits))
}

/// Refuses to lose rows that are there, unless they were accepted.
#[cfg(feature = "lint")]
async fn refuse_loss(
    args: &Deploy,
    context: &Context,
    history: &History,
    session: &mut Session,
) -> Result<(), Fault> {
    if args.accept_data_loss {
        return Ok(());
    }
    let lost = crate::lint::losses(context, history, args.to.as_ref(), session).await?;
    if lost.is_empty() { Ok(()) } else { Err(Fault::PendingLoss(lost)) }
}

/// Deploys behind a backup, which is made only when something is pending.
async fn after_backup(
    args: &Deploy,
    context: &Context,
    history: &History,
    options: &DeployOptions,
    session: &mut Session,
) -> Result<(DeployReport, Option<(PathBuf, Record)>), Fault> {
    let url = context.url(history.dialect())?.value;
    let mut maker =
        Maker::prepare(context, (&mut *session, &url), Purpose::Deploy, args.verify).await?;
    let mut progress = context.progress();
    match deploy_after(session, history, options, &mut maker, &mut progress).await {
        Ok(report) => Ok((report, maker.made)),
        Err(error) => Err(maker.explain(error)),
    }
}

fn options(
    args: &Deploy,
    context: &Context,
    waived: Option<&str>,
    backed_up: bool,
) -> Result<DeployOptions, Fault> {
    let project = context.project()?;
    let command = match waived {
        None => "deploy".to_owned(),
        Some(why) => format!("deploy without backup: {why}").chars().take(AUDIT_MAX).collect(),
    };
    // Who names the environment may loosen the policy that its database remembers.
    let require_backup = match project.backup()? {
        Some(Backup::Required) => Some(true),
        Some(_) if project.environment.is_some() => Some(false),
        _ => None,
    };
    Ok(DeployOptions {
        actor: context.actor(&command),
        lock_wait: Duration::from_secs(args.lock_wait),
        index_wait: Duration::from_secs(args.index_wait),
        to: args.to.clone(),
        atomic: args.atomic,
        out_of_order: args.out_of_order,
        stop_on_ahead: args.on_ahead == OnAhead::Stop,
        retry: args.retry,
        environment: project.environment.as_ref().map(|environment| environment.value.clone()),
        keep_down: !project.protected() && project.environment.is_some(),
        backed_up: backed_up || waived.is_some(),
        require_backup,
        dry_run: args.dry_run,
        drift: Some(DriftCheck { scope: project.scope(), stop: args.on_drift == OnDrift::Stop }),
        ..DeployOptions::default()
    })
}

/// The reason for which a backup is left out; none where nobody says so.
fn waived(args: &Deploy, context: &Context) -> Result<Option<String>, Fault> {
    let (Some(typed), Some(reason)) = (&args.without_backup, &args.reason) else {
        return Ok(None);
    };
    let database = context.database()?.value.database();
    context.confirm_name("", typed_name(&database), Some(typed), "--without-backup")?;
    Ok(Some(reason.clone()))
}

/// Makes no backup, and says that one could be made.
struct Offer(Option<Output>);

impl Precaution for Offer {
    fn take<'a>(&'a mut self, _: &'a Ledger) -> Precaved<'a> {
        if let Some(output) = self.0 {
            output.say("no backup is made; --backup makes one first");
        }
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// The answer of a deploy.
pub(crate) fn reply(report: &DeployReport, dry_run: bool) -> Reply {
    let mut lines = Vec::new();
    for id in &report.ahead {
        lines.push(format!("ahead: {id} was applied by a newer release"));
    }
    if report.drifted == Some(true) {
        lines.push(
            "drift: the schema was changed since the last deploy, outside the migrations; \
             see it with: cargo xtask db status --drift"
                .to_owned(),
        );
    }
    for id in &report.restamped {
        lines.push(format!("re-stamped: {id} has its repaired checksum"));
    }
    if let Some(waiting) = report.waiting.as_ref().filter(|_| dry_run) {
        let WaitsFor { id, backfill } = waiting;
        lines.push(format!("waits: {id} for the backfill of {backfill}"));
    }
    let count = report.applied.len();
    let plural = if count == 1 { "" } else { "s" };
    if dry_run {
        lines.extend(report.applied.iter().map(|applied| format!("would apply {}", applied.id)));
        lines.push(format!("{count} migration{plural} pending; nothing was applied"));
    } else if count == 0 {
        lines.push(format!("nothing to apply: {} applied", counted_is(report.before, "migration")));
    } else {
        let time = report.applied.iter().map(|applied| applied.took).sum();
        lines.push(format!("applied {count} migration{plural} in {}", took(time)));
    }
    let applied: Vec<_> = report
        .applied
        .iter()
        .map(|applied| {
            json!({
                "id": applied.id.as_str(),
                "statements": applied.statements,
                "duration_ms": u64::try_from(applied.took.as_millis()).unwrap_or(u64::MAX),
            })
        })
        .collect();
    let restamped: Vec<_> = report.restamped.iter().map(ToString::to_string).collect();
    let object = json!({
        "applied": applied, "restamped": restamped, "ahead": report.ahead,
        "environment": report.environment, "before": report.before, "dry_run": dry_run,
        "drifted": report.drifted,
        "waiting": report.waiting.as_ref().map(|waiting| json!({
            "id": waiting.id.as_str(), "backfill": waiting.backfill.as_str(),
        })),
    });
    Reply::new(lines.join("\n"), object)
}
