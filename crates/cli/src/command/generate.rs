//! `generate`: runs the generators.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::fault::Fault;
use crate::generators;
use crate::output::Reply;

/// Run the generators: the after-migrate commands of the configuration
///
/// They run in order in the folder of the manifest, with the database in DATABASE_URL; the first
/// that fails stops the rest. `migrate` runs them by itself.
#[derive(Debug, Args)]
pub(crate) struct Generate {}

pub(crate) async fn run(_: Generate, context: &Context) -> Result<Reply, Fault> {
    if context.project()?.list("after-migrate").is_empty() {
        let text = "nothing to run: after-migrate is not set in [workspace.metadata.db]";
        return Ok(Reply::new(text, json!({ "generators": [] })));
    }
    let provider = context.database()?.value.dialect();
    let commands = generators::run(context, provider).await?;
    let text = match commands.len() {
        1 => "ran 1 generator".to_owned(),
        count => format!("ran {count} generators"),
    };
    Ok(Reply::new(text, json!({ "generators": commands })))
}
