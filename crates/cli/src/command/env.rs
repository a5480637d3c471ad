//! `env`: the marker in the database.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Session, marker, set_marker};

use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// Show or change the environment that is marked in the database
///
/// The marker travels with the data: a command for development refuses on a database that is not
/// marked `development`, by whatever URL it was reached. A dump of production that was restored
/// for work is freed with `env --set development`; the database's name must be typed.
#[derive(Debug, Args)]
pub(crate) struct Env {
    /// Mark the database with this environment
    #[arg(long, value_name = "NAME", value_parser = name)]
    set: Option<String>,
    /// The database's name, in place of typing it
    #[arg(long, value_name = "DATABASE", requires = "set")]
    yes: Option<String>,
}

/// An environment's name: letters, digits, `-` and `_`.
fn name(text: &str) -> Result<String, String> {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.len() <= 60 && text.chars().all(known) {
        Ok(text.to_owned())
    } else {
        Err("use letters, digits, - and _, at most 60".to_owned())
    }
}

pub(crate) async fn run(args: Env, context: &Context) -> Result<Reply, Fault> {
    let url = context.database()?;
    let mut session = Session::open(&url.value, &context.ledger()?, &context.session()?).await?;
    let done = show_or_set(&args, context, &mut session).await;
    session.close().await;
    done
}

async fn show_or_set(args: &Env, context: &Context, session: &mut Session) -> Result<Reply, Fault> {
    let found = marker(session).await?;
    let database = session.server().database.clone();
    let object = |environment: Option<&str>, was: Option<&str>| {
        let (now, before) = (environment, was);
        json!({ "database": database, "environment": now, "was": before })
    };
    let was = found.environment.as_deref();
    let Some(set) = &args.set else {
        let text = match was {
            Some(name) => format!("{database} is marked {name}"),
            None if found.objects == 0 => format!("{database} is empty and has no marker"),
            None => format!("{database} has no marker: commands for development refuse"),
        };
        return Ok(Reply::new(text, object(was, was)));
    };
    if was == Some(set) {
        return Ok(Reply::new(format!("{database} is marked {set} already"), object(was, was)));
    }
    let from = was.map(|was| format!(" from {was}")).unwrap_or_default();
    let question = format!("This changes the marker of {database}{from} to {set}.");
    let typed = typed_name(&database);
    context.confirm_name(&question, typed, args.yes.as_deref(), "--yes")?;
    set_marker(session, set, &context.actor("env")).await?;
    Ok(Reply::new(format!("{database} is marked {set}"), object(Some(set), was)))
}

/// What is typed for a database: its name, or its file's.
pub(crate) fn typed_name(database: &str) -> &str {
    database.rsplit(['/', '\\']).next().unwrap_or(database)
}
