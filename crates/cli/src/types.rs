//! The Rust types of the database's tables, kept in a file of the application.
//!
//! Invariant: only a file that this wrote is replaced.

use std::path::{Path, PathBuf};

use xtask_db_engine::{Session, introspect};
use xtask_db_schema::rust::{HEAD, Options, Time, render};
use xtask_db_sql::Dialect;

use crate::config::{Project, choice};
use crate::context::Context;
use crate::fault::{ConfigFault, Fault};
use crate::place::{create_parent, replace};

/// What the configuration says about the types.
struct Settings {
    path: PathBuf,
    options: Options,
}

/// Brings the file of the types up to date. None when the configuration names no file; else its
/// path and whether it has changed.
pub(crate) async fn write(
    context: &Context,
    provider: Dialect,
) -> Result<Option<(PathBuf, bool)>, Fault> {
    let Some(settings) = settings(context.project()?)? else { return Ok(None) };
    let path = context.shown(&settings.path);
    let text = text(context, provider, &settings.options).await?;
    let io = |source| Fault::Io { path: path.clone(), source };
    let before = read(&settings.path).map_err(io)?;
    if before.as_deref() == Some(text.as_str()) {
        return Ok(Some((path, false)));
    }
    if before.is_some_and(|before| !before.replace("\r\n", "\n").starts_with(HEAD)) {
        return Err(Fault::Refused {
            what: format!("{} was not written by generate", path.display()),
            hint: "name another file in types, or remove this one".to_owned(),
        });
    }
    create_parent(&settings.path)
        .and_then(|()| replace(&settings.path, text.as_bytes()))
        .map_err(io)?;
    Ok(Some((path, true)))
}

/// Refuses when the file is not what [`write`] would leave.
pub(crate) async fn check(context: &Context, provider: Dialect) -> Result<(), Fault> {
    let Some(settings) = settings(context.project()?)? else { return Ok(()) };
    let text = text(context, provider, &settings.options).await?;
    let path = context.shown(&settings.path);
    let io = |source| Fault::Io { path: path.clone(), source };
    match read(&settings.path).map_err(io)? {
        Some(found) if found.replace("\r\n", "\n") == text => Ok(()),
        _ => Err(Fault::StaleTypes { path }),
    }
}

async fn text(context: &Context, provider: Dialect, options: &Options) -> Result<String, Fault> {
    let project = context.project()?;
    let url = context.url(provider)?;
    let ledger = context.ledger()?;
    let mut session = Session::open(&url.value, &ledger, &context.session()?).await?;
    let catalog = introspect(&mut session, &project.scope()).await;
    session.close().await;
    render(&catalog?, options).map_err(Fault::Types)
}

fn read(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn settings(project: &Project) -> Result<Option<Settings>, ConfigFault> {
    let Some(path) = project.text("types") else { return Ok(None) };
    let time = match project.text("types-time") {
        None => Time::default(),
        Some(setting) => match setting.value.as_str() {
            "time" => Time::Time,
            "chrono" => Time::Chrono,
            _ => return Err(choice("types-time", &setting, "time or chrono")),
        },
    };
    let pairs = |key: &'static str| {
        let pair = |entry: String| match entry.split_once('=') {
            Some((name, rust)) => Ok((name.trim().to_owned(), rust.trim().to_owned())),
            None => Err(ConfigFault::Kind {
                table: format!("{key} {entry:?}"),
                key: "each entry".to_owned(),
                expected: "NAME = RUST",
            }),
        };
        project.list(key).into_iter().map(pair).collect::<Result<_, _>>()
    };
    let options = Options {
        time,
        types: pairs("types-map")?,
        names: pairs("types-names")?,
        derive: project.list("types-derive"),
    };
    Ok(Some(Settings { path: project.root.join(path.value), options }))
}
