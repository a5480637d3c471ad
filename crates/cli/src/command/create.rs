//! `create`: the database itself.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Session, create, set_marker};

use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;
use crate::protect::DEVELOPMENT;

/// Create the database
///
/// A database that is there already is left as it is. A new one is marked with the environment
/// that was named, else `development`: only such a database may be reset or dropped.
#[derive(Debug, Args)]
pub(crate) struct Create {}

pub(crate) async fn run(_: Create, context: &Context) -> Result<Reply, Fault> {
    let url = context.database()?;
    let options = context.session()?;
    let created = create(&url.value, &options).await?;
    let database = url.value.database();
    let environment = context.project()?.environment.as_ref().map(|env| env.value.clone());
    let environment = environment.unwrap_or_else(|| DEVELOPMENT.to_owned());
    if created {
        let mut session = Session::open(&url.value, &context.ledger()?, &options).await?;
        let stamped = set_marker(&mut session, &environment, &context.actor("create")).await;
        session.close().await;
        stamped?;
    }
    let text = match created {
        true => format!("created {database} on {}, marked {environment}", url.value.host()),
        false => format!("{database} is there already"),
    };
    Ok(Reply::new(text, json!({ "database": database, "created": created })))
}
