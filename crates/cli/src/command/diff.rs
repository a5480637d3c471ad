//! `diff`: what leads from one schema to another.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Draft, Error, Shadows};
use xtask_db_schema::{Catalog, Guess, Online, Plan, PlanOptions, migration_text};

use crate::codes;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::schema::{
    Quieter, RenameArgs, Side, Source, json_steps, lines, sides, statements, tell_reported,
    tell_unmodelled,
};
use crate::shadow;

/// Show the statements that lead from one schema to another
///
/// A schema is `empty`, `schema` (the declared one) or `schema:PATH`, `migrations` or
/// `migrations:DIR` (what they make, replayed on a throwaway database), `database` (yours),
/// `env:NAME` (an environment's) or `url:URL`. Nothing is changed: the statements are tried on a
/// throwaway database, which is read again, and are shown.
///
/// Exit status: 0 done, 8 with --exit-code when there is a difference.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Where the statements start
    #[arg(long, value_name = "SCHEMA")]
    from: Source,
    /// Where they lead
    #[arg(long, value_name = "SCHEMA")]
    to: Source,
    /// Print SQL alone, as a migration would have it
    #[arg(long)]
    script: bool,
    /// Exit with 8 when there is a difference
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    rename: RenameArgs,
}

/// What was found.
struct Found {
    plan: Plan,
    /// Renames that may be meant.
    guesses: Vec<Guess>,
    /// Why the statements could not be tried.
    untried: Option<String>,
}

pub(crate) async fn run(args: Diff, context: &Context) -> Result<Reply, Fault> {
    let (from, to, mut shadows) = sides(context, args.from.clone(), args.to.clone()).await?;
    let found = found(&args, context, &from, &to, &mut shadows).await;
    shadows.release(&mut context.progress()).await;
    let found = found?;
    let not_run = [from.read.not_run, to.read.not_run].concat();
    shadow::tell_not_run(context, &not_run);
    let unmodelled = tell_unmodelled(context, [&from.read.catalog, &to.read.catalog]);
    let reported = tell_reported(context, &from.read.catalog, &to.read.catalog);
    let renames: Vec<String> = found.guesses.iter().map(|one| one.rename.to_string()).collect();
    for rename in &renames {
        context.output.say(format!("if it was renamed: --rename {rename}"));
    }
    if let Some(why) = &found.untried {
        context.output.say(format!("the statements could not be tried: {why}"));
    }
    let script = migration_text(&found.plan.steps);
    let text = match (args.script, found.plan.is_empty()) {
        (true, _) => script.trim_end().to_owned(),
        (false, true) => format!("{} and {} are equal", from.source, to.source),
        (false, false) => {
            let head = format!("from {} to {}:", from.source, to.source);
            [vec![head], lines(&found.plan, &[])].concat().join("\n")
        }
    };
    let reply = Reply::new(
        text,
        json!({
            "from": from.source.to_string(), "to": to.source.to_string(),
            "empty": found.plan.is_empty(), "steps": json_steps(&found.plan), "script": script,
            "unmodelled": unmodelled,
            "reported": reported,
            "not_run": not_run,
            "renames_possible": renames,
            "tried": found.untried.is_none(),
        }),
    );
    if !args.exit_code || found.plan.is_empty() {
        return Ok(reply);
    }
    let count = statements(found.plan.steps.len());
    let fault = Fault::Differ(format!("{} and {} differ by {count}", from.source, to.source));
    Ok(reply.problem(codes::problem(&fault)))
}

async fn found(
    args: &Diff,
    context: &Context,
    from: &Side,
    to: &Side,
    shadows: &mut Shadows,
) -> Result<Found, Fault> {
    let (start, end) = (&from.read.catalog, &to.read.catalog);
    let syntax = xtask_db_sql::Syntax::of(shadows.dialect());
    let declared = to.declared.as_ref().map(|declared| (declared, syntax));
    let told = args.rename.told(declared, start, end)?;
    let simple = start.plan(end, &PlanOptions::default()).map_err(Error::from)?;
    if simple.is_empty() {
        return Ok(Found { plan: simple, guesses: Vec::new(), untried: None });
    }
    let shadow = match from.on_shadow(context, shadows).await {
        Ok(shadow) => shadow,
        // Without renames there is a plan all the same, and that it is not tried is said.
        Err(error) if told.is_empty() => {
            let guesses = guesses(args, start, end);
            return Ok(Found { plan: simple, guesses, untried: Some(error.to_string()) });
        }
        Err(error) => return Err(error.into()),
    };
    let mut observer = Quieter::of(context);
    let mut draft = Draft::new(shadow, shadows.scope().clone(), start.clone(), end.clone());
    let done = async {
        if !told.is_empty() {
            draft.rename(told, &mut observer).await?;
        }
        let plan = draft.plan(&PlanOptions { online: Online::Auto })?;
        draft.prove(&plan, &mut observer).await?;
        Ok::<_, Error>(plan)
    }
    .await;
    let guesses = guesses(args, draft.now(), end);
    draft.release(&mut observer).await;
    Ok(Found { plan: done?, guesses, untried: None })
}

fn guesses(args: &Diff, from: &Catalog, to: &Catalog) -> Vec<Guess> {
    if args.rename.no_rename { Vec::new() } else { from.guesses(to) }
}
