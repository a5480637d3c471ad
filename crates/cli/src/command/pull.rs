//! `pull`: a database as a declared schema.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use xtask_db_engine::{Error, Session, Shadows, introspect};
use xtask_db_history::SqlFile;
use xtask_db_schema::{Catalog, Online, PlanOptions, migration_text};

use crate::context::Context;
use crate::fault::Fault;
use crate::git::Git;
use crate::output::Reply;
use crate::place;
use crate::schema::{Declared, Quieter, tell_unmodelled};

/// Write schema.sql from what a database has
///
/// The text is run on a throwaway database, which must then have what the database has; otherwise
/// nothing is written. A file that declares the same already is left as it is, with its comments
/// and its order. A file that declares something else is replaced when git has it committed as it
/// is, or with --force. What the tool does not model is named, and is not in the file.
#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// Write this file in place of the configured one
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that git does not have as it is
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(args: Pull, context: &Context) -> Result<Reply, Fault> {
    let path = match &args.output {
        Some(path) => context.folder.join(path),
        None => context.project()?.schema().0,
    };
    if path.is_dir() {
        return Err(Fault::Refused {
            what: format!(
                "{} is a folder, and one file is written",
                context.shown(&path).display()
            ),
            hint: "cargo xtask db pull --output FILE".to_owned(),
        });
    }
    let url = context.database()?.value;
    let table = context.ledger()?;
    let mut shadows = context.shadows_of(url.clone(), &table)?;
    let mut session = Session::open(&url, &table, &context.session()?).await?;
    let catalog = introspect(&mut session, shadows.scope()).await;
    session.close().await;
    let pulled = pull(&args, context, &path, &catalog?, &mut shadows).await;
    shadows.release(&mut context.progress()).await;
    pulled
}

async fn pull(
    args: &Pull,
    context: &Context,
    path: &Path,
    catalog: &Catalog,
    shadows: &mut Shadows,
) -> Result<Reply, Fault> {
    let unmodelled = tell_unmodelled(context, [catalog]);
    let text = text(catalog, path, context, shadows).await?;
    let shown = context.shown(path).display().to_string();
    let reply = |said: String, written: bool| {
        let object = json!({ "path": shown, "written": written, "unmodelled": unmodelled });
        Reply::new(said, object)
    };
    if !args.force && path.exists() {
        let there = Declared::read(context, path)?;
        if there.files.first().is_some_and(|file| file.text == text) {
            return Ok(reply(format!("{shown} is what pull writes"), false));
        }
        let declared = context.catalog_of_schema(shadows, &there).await;
        if declared.is_ok_and(|read| read.catalog.fingerprint() == catalog.fingerprint()) {
            let said = format!("{shown} declares what the database has; it is left as it is");
            return Ok(reply(said, false));
        }
        if !committed(path) {
            return Err(Fault::Refused {
                what: format!("{shown} declares something else, and git does not have it as it is"),
                hint: "commit it, or replace it: cargo xtask db pull --force".to_owned(),
            });
        }
    }
    let io = |source| Fault::Io { path: path.to_owned(), source };
    place::replace(path, text.as_bytes()).map_err(io)?;
    Ok(reply(format!("wrote {shown}"), true))
}

/// The text that makes the catalog, proved on a shadow.
pub(crate) async fn text(
    catalog: &Catalog,
    path: &Path,
    context: &Context,
    shadows: &mut Shadows,
) -> Result<String, Fault> {
    let plain = PlanOptions { online: Online::Never };
    let plan = Catalog::empty(shadows.dialect()).plan(catalog, &plain).map_err(Error::from)?;
    let text = migration_text(&plan.steps);
    let file = SqlFile {
        path: Cow::Owned(context.shown(path).display().to_string()),
        text: Cow::Owned(text.clone()),
    };
    let mut observer = Quieter(context.progress().on_shadow());
    let found = match shadows.schema(&[file], &mut observer).await {
        Err(Error::Failed(failure)) => {
            return Err(Error::NotRemade { problem: failure.error.to_string() }.into());
        }
        found => found?.catalog,
    };
    let left = found.plan(catalog, &plain).map_err(Error::from)?;
    match left.is_empty() {
        true => Ok(text),
        false => Err(Error::NotRemade { problem: left.script().trim().to_owned() }.into()),
    }
}

/// The file's bytes are in the last commit.
fn committed(path: &Path) -> bool {
    let found = || {
        let git = Git::find(path.parent()?)?;
        Some(git.file_at(&git.head()?, path)? == std::fs::read(path).ok()?)
    };
    found().unwrap_or(false)
}
