//! `generate`: runs the generators.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::fault::Fault;
use crate::generators;
use crate::output::Reply;
use crate::types;

/// Write the Rust types of the tables, and run the after-migrate commands
///
/// With `types = "src/tables.rs"` in the configuration that file holds a struct for each table and
/// view (`sqlx::FromRow`) and an enum for each enum type (`sqlx::Type`), with the comments of the
/// database; under the feature `serde` of your crate they also derive serde's traits.
///
/// The commands run in order in the folder of the manifest, with the database in DATABASE_URL; the
/// first that fails stops the rest. `migrate` runs them by itself.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// Write and run nothing; fail when the file of the types is not up to date
    #[arg(long)]
    check: bool,
}

pub(crate) async fn run(args: Generate, context: &Context) -> Result<Reply, Fault> {
    let project = context.project()?;
    let path = project.text("types").map(|setting| setting.value);
    if project.list("after-migrate").is_empty() && path.is_none() {
        let text = "nothing to run: neither types nor after-migrate is set in \
             [workspace.metadata.db]";
        return Ok(Reply::new(text, json!({ "types": null, "generators": [] })));
    }
    let provider = context.database()?.value.dialect();
    if args.check {
        types::check(context, provider).await?;
        return Ok(Reply::new("the types are up to date", json!({ "types": path })));
    }
    let commands = generators::run(context, provider).await?;
    let text = match commands.len() {
        0 => "the types are up to date".to_owned(),
        1 => "ran 1 generator".to_owned(),
        count => format!("ran {count} generators"),
    };
    Ok(Reply::new(text, json!({ "types": path, "generators": commands })))
}
