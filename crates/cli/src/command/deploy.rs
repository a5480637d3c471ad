//! `deploy`: applies what is pending. Never generates, never asks.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::json;
use xtask_db_engine::{DeployOptions, DeployReport, DriftCheck, Error, deploy};
use xtask_db_history::MigrationId;

use crate::command::env::typed_name;
use crate::config::Backup;
use crate::context::Context;
use crate::counted::counted_is;
use crate::fault::Fault;
use crate::output::Reply;
use crate::progress::took;

/// How much of a reason fits the audit row's command.
const AUDIT_MAX: usize = 200;

/// Apply pending migrations: for CI jobs, release jobs and start-up
///
/// Runs what the lock file has sealed, in order, under the deploy lock, and nothing else: it never
/// writes a file, never asks, never resets. A second deploy at the same time waits for the first.
/// Where the database can undo a schema change, a migration is applied whole or not at all.
///
/// Exit status: 0 done, 4 the history conflicts, 5 refused, 6 a migration failed, 7 the lock was
/// not free in time, 8 drift with --on-drift=stop, 9 the connection failed.
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
    let project = context.project()?;
    let waived = waived(&args, context)?;
    let options = DeployOptions {
        actor: context.actor(&waived.as_ref().map_or_else(
            || "deploy".to_owned(),
            |reason| format!("deploy without backup: {reason}").chars().take(AUDIT_MAX).collect(),
        )),
        lock_wait: Duration::from_secs(args.lock_wait),
        index_wait: Duration::from_secs(args.index_wait),
        to: args.to,
        atomic: args.atomic,
        out_of_order: args.out_of_order,
        stop_on_ahead: args.on_ahead == OnAhead::Stop,
        retry: args.retry,
        environment: project.environment.as_ref().map(|environment| environment.value.clone()),
        keep_down: !project.protected() && project.environment.is_some(),
        backed_up: waived.is_some(),
        dry_run: args.dry_run,
        drift: Some(DriftCheck { scope: project.scope(), stop: args.on_drift == OnDrift::Stop }),
        ..DeployOptions::default()
    };
    let mut session = context.open_to_write(&history).await?;
    #[cfg(feature = "lint")]
    if !args.accept_data_loss {
        let to = options.to.as_ref();
        let lost = crate::lint::losses(context, &history, to, &mut session).await?;
        if !lost.is_empty() {
            session.close().await;
            return Err(Fault::PendingLoss(lost));
        }
    }
    let mut progress = context.progress();
    let done = deploy(&mut session, &history, &options, &mut progress).await;
    drop(progress);
    session.close().await;
    Ok(reply(&done?, args.dry_run))
}

/// The reason for which a required backup is left out; none where none is required. This version
/// makes no backups, so one that is required and not waived stops the deploy.
fn waived(args: &Deploy, context: &Context) -> Result<Option<String>, Fault> {
    let required = context.project()?.backup()? == Backup::Required;
    let (Some(typed), Some(reason)) = (&args.without_backup, &args.reason) else {
        if required && !args.dry_run {
            let policy = "a backup before each deploy".to_owned();
            return Err(Error::Policy { policy }.into());
        }
        return Ok(None);
    };
    let database = context.database()?.value.database();
    context.confirm_name("", typed_name(&database), Some(typed), "--without-backup")?;
    Ok(Some(reason.clone()))
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
    });
    Reply::new(lines.join("\n"), object)
}
