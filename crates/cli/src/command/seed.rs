//! `seed`: runs the seeds.

use std::path::Path;

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Error, Session, marker};

use crate::config::SeedPolicy;
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::seeds::{self, Seeded};

/// Run the seeds
///
/// First seeds/*.sql, then seeds/ENV/*.sql (ENV is the environment that was named, else
/// development), each in the order of the names and in a transaction of its own where that can
/// be; then the seed-command of the configuration. Write seeds so that a second run changes
/// nothing.
///
/// A protected environment is seeded only when `--env` names it and its configuration says
/// seed = "manual".
#[derive(Debug, Args)]
pub(crate) struct Seed {}

pub(crate) async fn run(_: Seed, context: &Context) -> Result<Reply, Fault> {
    let protected = permitted(context)?;
    let url = context.database()?.value;
    let history = context.history()?;
    let mut session = context.open_to_write(&history).await?;
    if let Err(fault) = check_marker(context, &mut session, protected).await {
        session.close().await;
        return Err(fault);
    }
    let seeded = seeds::run(context, session).await?;
    let folder = context.project()?.seeds();
    let text = text(&seeded, &context.shown(&folder));
    let mut object = seeded.json();
    object["database"] = json!(url.database());
    Ok(Reply::new(text, object))
}

fn text(seeded: &Seeded, folder: &Path) -> String {
    let count = seeded.files.len();
    let plural = if count == 1 { "" } else { "s" };
    match (count, &seeded.command) {
        (0, None) => format!("nothing to run: {} has no .sql files", folder.display()),
        (0, Some(_)) => "ran the seed command".to_owned(),
        (_, None) => format!("ran {count} seed file{plural}"),
        (_, Some(_)) => format!("ran {count} seed file{plural} and the seed command"),
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
