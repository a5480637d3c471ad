//! `stats`: how large the tables of a database are, for `lint` where there is none.

use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use xtask_db_engine::{introspect, sizes};

use crate::context::Context;
use crate::counted::{counted, size};
use crate::fault::Fault;
use crate::lint::{Sizes, open_for, sizes_path};
use crate::output::Reply;

/// Write how large the tables are to a file that lint reads
///
/// Rows, bytes and the server's version, as the server estimates them: no table is read that has
/// an estimate. Run it on production now and then and commit the file: `lint`, which has no
/// database in CI, then tells a table of 41 million rows from a small one, and says for which a
/// maintenance window is needed.
///
/// The file is `db-stats.json`, or what `stats` in `[workspace.metadata.db.lint]` says. It has
/// names of tables and numbers, nothing of what is in them.
///
/// Exit status: 0 written, 9 the connection failed.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// Write this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) async fn run(args: Stats, context: &Context) -> Result<Reply, Fault> {
    let project = context.project()?;
    let url = context.database()?;
    let mut session = open_for(context, &url.value, &context.ledger()?).await?;
    let read = async {
        let catalog = introspect(&mut session, &project.scope()).await?;
        Ok::<_, Fault>((catalog.relations(), sizes(&mut session).await?))
    }
    .await;
    let server = session.server().clone();
    session.close().await;
    let (managed, mut tables) = read?;
    // other tools' tables, and what the project ignores, are not its own
    tables.retain(|table| {
        managed.iter().any(|one| one.name == table.name && one.schema == table.schema)
    });
    let number: String =
        server.version.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let server = format!("{} {number}", server.name.to_lowercase());
    let environment = project.environment.as_ref().map(|setting| setting.value.clone());
    let path = match args.out {
        Some(out) => context.folder.join(out),
        None => sizes_path(project),
    };
    let sizes = Sizes::new(environment, server, context.now(), tables);
    sizes.write(&path)?;
    let rows: u64 = sizes.tables.iter().filter_map(|table| table.rows).sum();
    let bytes: u64 = sizes.tables.iter().filter_map(|table| table.bytes).sum();
    let shown = context.shown(&path).display().to_string();
    let text = format!(
        "wrote {shown}: {}, about {}, {}, {}",
        counted(sizes.tables.len(), "table"),
        counted(usize::try_from(rows).unwrap_or(usize::MAX), "row"),
        size(bytes),
        sizes.server
    );
    let object = json!({ "path": shown, "server": sizes.server, "tables": sizes.tables,
        "environment": sizes.environment });
    Ok(Reply::new(text, object))
}
