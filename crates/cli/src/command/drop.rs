//! `drop`: the database itself.

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Session, drop, exists};

use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// Drop the database (development only)
///
/// Refuses on a database that is not marked `development`, and while others are connected to it.
#[derive(Debug, Args)]
pub(crate) struct Drop {
    /// Do not ask
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(args: Drop, context: &Context) -> Result<Reply, Fault> {
    context.refuse_protected("drop")?;
    let url = context.database()?;
    let options = context.session()?;
    let database = url.value.database();
    if !exists(&url.value, &options).await? {
        let text = format!("{database} does not exist");
        return Ok(Reply::new(text, json!({ "database": database, "dropped": false })));
    }
    let mut session = Session::open(&url.value, &context.ledger()?, &options).await?;
    let allowed = context.refuse_production("drop", &mut session).await;
    session.close().await;
    allowed?;
    let question = format!("Drop the database {database} on {}?", url.value.host());
    context.confirm(&question, args.force, "--force")?;
    let dropped = drop(&url.value, &options).await?;
    let text = format!("dropped {database} on {}", url.value.host());
    Ok(Reply::new(text, json!({ "database": database, "dropped": dropped })))
}
