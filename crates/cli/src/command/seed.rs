//! `seed`: runs the seeds.

use std::path::Path;

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Error, Session, marker};

use crate::config::SeedPolicy;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::seeds::{self, Asked, Seeded};

/// Run the seeds
///
/// First the files with rows, seeds/TABLE.json and seeds/TABLE.csv: each row is found by the
/// primary key, or else by a unique key; one that is there is updated, one that is not is added.
/// Tables that others refer to come first, and all of them are put in one transaction. Then
/// seeds/*.sql in the order of their names, each in a transaction of its own where that can be;
/// write them so that a second run changes nothing. Last the seed-command of the configuration.
/// Files in seeds/ENV belong to one environment: the one that was named, else development.
///
/// A file that has not changed since it ran is skipped.
///
/// A protected environment is seeded only when `--env` names it and its configuration says
/// seed = "manual".
///
/// Exit status: 0 done, 5 refused, or a second run would change rows (`--check`), 6 a seed failed.
#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// Run every file, also those that have not changed
    #[arg(long = "all", id = "seed-all")]
    all: bool,
    /// Delete rows that are in the table of a file and not in the file
    #[arg(long)]
    prune: bool,
    /// Run every file twice in a transaction that is rolled back: the second run must change nothing
    #[arg(long = "check", id = "seed-check", conflicts_with_all = ["seed-all", "prune"])]
    check: bool,
}

pub(crate) async fn run(args: Seed, context: &Context) -> Result<Reply, Fault> {
    let protected = permitted(context)?;
    let url = context.database()?.value;
    let history = context.history()?;
    let mut session = context.open_to_write(&history).await?;
    if let Err(fault) = check_marker(context, &mut session, protected).await {
        session.close().await;
        return Err(fault);
    }
    if args.check {
        let checked = seeds::check(context, &mut session).await;
        session.close().await;
        return proved(checked?);
    }
    let asked = Asked { all: args.all, prune: args.prune };
    let seeded = seeds::run(context, session, asked).await?;
    let folder = context.project()?.seeds();
    let text = text(&seeded, &context.shown(&folder));
    let mut object = seeded.json();
    object["database"] = json!(url.database());
    Ok(Reply::new(text, object))
}

fn proved((count, changed): (usize, Vec<String>)) -> Result<Reply, Fault> {
    if !changed.is_empty() {
        return Err(Fault::Refused {
            what: format!("a second run of the seeds changes {}", changed.join(", ")),
            hint: "INSERT … ON CONFLICT … DO UPDATE, or a file TABLE.json, can run again"
                .to_owned(),
        });
    }
    let plural = if count == 1 { "" } else { "s" };
    let text = format!("ran {count} seed file{plural} twice: the second run changed nothing");
    Ok(Reply::new(text, json!({ "files": count, "changed": changed })))
}

fn text(seeded: &Seeded, folder: &Path) -> String {
    let count = seeded.count();
    let plural = if count == 1 { "" } else { "s" };
    let ran = match (count, seeded.unchanged.len()) {
        (0, 0) => None,
        (0, 1) => Some("1 seed file has not changed".to_owned()),
        (0, unchanged) => Some(format!("{unchanged} seed files have not changed")),
        (_, 0) => Some(format!("ran {count} seed file{plural}")),
        (_, unchanged) => Some(format!("ran {count} seed file{plural}, {unchanged} unchanged")),
    };
    match (ran, &seeded.command) {
        (None, None) => format!("nothing to run: {} has no seeds", folder.display()),
        (None, Some(_)) => "ran the seed command".to_owned(),
        (Some(ran), None) => ran,
        (Some(ran), Some(_)) => format!("{ran}, and the seed command"),
    }
}

/// Whether the environment is protected, and may be seeded.
fn permitted(context: &Context) -> Result<bool, Fault> {
    let project = context.project()?;
    let policy = project.seed()?;
    if policy == SeedPolicy::Never {
        return Err(Fault::Refused {
            what: "this database is never seeded: seed = \"never\"".to_owned(),
            hint: "cargo xtask db config shows where that is written".to_owned(),
        });
    }
    if !project.protected() {
        return Ok(false);
    }
    let environment = project.environment.as_ref().map_or("default", |env| env.value.as_str());
    let said = project.text("seed").is_some() && policy == SeedPolicy::Manual;
    match (said, &context.global.env) {
        (true, Some(_)) => Ok(true),
        (false, _) => Err(Fault::Refused {
            what: format!("the environment {environment} is protected, and does not allow seeds"),
            hint: format!(
                "if that is meant: seed = \"manual\" in [workspace.metadata.db.env.{environment}]"
            ),
        }),
        (true, None) => Err(Fault::Refused {
            what: format!("the environment {environment} is protected"),
            hint: format!("name it: cargo xtask db seed --env {environment}"),
        }),
    }
}

/// The database is a development one, or that of the protected environment that was named.
async fn check_marker(
    context: &Context,
    session: &mut Session,
    protected: bool,
) -> Result<(), Fault> {
    if !protected {
        return context.refuse_production("seed", session).await;
    }
    match (marker(session).await?.environment, &context.global.env) {
        (Some(found), Some(given)) if found != *given => {
            Err(Error::Environment { found, given: given.clone() }.into())
        }
        _ => Ok(()),
    }
}
