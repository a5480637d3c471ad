//! `config`: the resolved configuration, and where each value comes from.
//!
//! Invariant: a URL is shown by `DbUrl` alone, which masks its password.

use clap::Args;
use serde_json::{Map, Value, json};

use crate::config::{KEYS, Project};
use crate::context::Context;
use crate::fault::Fault;
use crate::output::Reply;

/// Show the configuration: each value and where it comes from
///
/// A flag counts before a variable, a variable before the package's table, that before the
/// workspace's, and that before the default. Passwords are masked. Nothing is connected to.
#[derive(Debug, Args)]
pub(crate) struct Config {
    /// List every key and what it means
    #[arg(long)]
    keys: bool,
}

/// A line: key, value (none: nobody said), origin.
struct Line {
    key: &'static str,
    value: Option<String>,
    origin: String,
}

pub(crate) fn run(args: &Config, context: &Context) -> Result<Reply, Fault> {
    if args.keys {
        return Ok(keys());
    }
    let project = context.project()?;
    let mut lines = vec![
        Line {
            key: "folder",
            value: Some(project.root.display().to_string()),
            origin: folder(project),
        },
        match &project.environment {
            Some(setting) => Line {
                key: "environment",
                value: Some(setting.value.clone()),
                origin: setting.origin.to_string(),
            },
            None => unset("environment"),
        },
    ];
    lines.extend(
        KEYS.iter().filter(|key| key.name != "env").map(|key| line(key.name, context, project)),
    );

    let width = lines.iter().filter_map(|line| line.value.as_ref()).map(|v| v.chars().count());
    let width = width.max().unwrap_or(0).min(WIDTH_MAX);
    let shown = lines.iter().map(|line| match &line.value {
        Some(value) => format!("{:<18} {value:<width$}  {}", line.key, line.origin),
        None => format!("{:<18} {:<width$}  {}", line.key, "-", line.origin),
    });
    let text = shown.collect::<Vec<_>>().join("\n");
    let object: Map<String, Value> = lines
        .iter()
        .map(|line| {
            let value = json!({ "value": line.value, "origin": line.origin });
            (line.key.to_owned(), value)
        })
        .collect();
    Ok(Reply::new(text, json!({ "settings": object })))
}

/// A longer value pushes its own origin to the right, not everybody's.
const WIDTH_MAX: usize = 48;

fn keys() -> Reply {
    let lines = KEYS.iter().map(|key| format!("{:<18} {}", key.name, key.about));
    let text = lines.collect::<Vec<_>>().join("\n");
    let object: Map<String, Value> =
        KEYS.iter().map(|key| (key.name.to_owned(), json!(key.about))).collect();
    Reply::new(text, json!({ "keys": object }))
}

fn folder(project: &Project) -> String {
    match &project.package {
        Some(package) => format!("package {package}"),
        None => "where relative paths start".to_owned(),
    }
}

fn line(key: &'static str, context: &Context, project: &Project) -> Line {
    let set = project.shown(key);
    match key {
        "url" => url(context, project),
        "shadow-url" => shadow_url(project),
        "migrations" | "seeds" => {
            let path = if key == "seeds" { project.seeds() } else { project.migrations() };
            let origin = set.map_or("default".to_owned(), |setting| setting.origin.to_string());
            Line { key, value: Some(context.shown(&path).display().to_string()), origin }
        }
        "schema" => {
            let (path, configured) = project.schema();
            let shown = context.shown(&path).display().to_string();
            match set {
                Some(setting) => {
                    Line { key, value: Some(shown), origin: setting.origin.to_string() }
                }
                None if !configured && !path.exists() => {
                    Line { key, value: None, origin: format!("{shown} is not there") }
                }
                None => Line { key, value: Some(shown), origin: "default".to_owned() },
            }
        }
        "history-table" => {
            let origin = set.map_or("default".to_owned(), |setting| setting.origin.to_string());
            // the lock file's name counts; the configuration only seeds it
            match context.lock_file() {
                Ok(Some(lock)) => Line { key, value: Some(lock.table), origin: "lock file".into() },
                _ => Line { key, value: Some(project.history_table()), origin },
            }
        }
        "protected" => {
            let origin = set.map_or("default".to_owned(), |setting| setting.origin.to_string());
            Line { key, value: Some(project.protected().to_string()), origin }
        }
        key => match set {
            Some(set) => Line { key, value: Some(set.value), origin: set.origin.to_string() },
            None => unset(key),
        },
    }
}

fn url(context: &Context, project: &Project) -> Line {
    let provider = context.lock_file().ok().flatten().map(|lock| lock.provider);
    match project.url(provider) {
        Ok(url) => {
            Line { key: "url", value: Some(url.value.masked()), origin: url.origin.to_string() }
        }
        Err(fault) => Line { key: "url", value: None, origin: fault.to_string() },
    }
}

fn shadow_url(project: &Project) -> Line {
    let origin = |project: &Project| {
        project.shown("shadow-url").map_or(String::new(), |setting| setting.origin.to_string())
    };
    match project.shadow_url() {
        Ok(Some(url)) => {
            Line { key: "shadow-url", value: Some(url.masked()), origin: origin(project) }
        }
        Ok(None) => unset("shadow-url"),
        Err(fault) => Line { key: "shadow-url", value: None, origin: fault.to_string() },
    }
}

fn unset(key: &'static str) -> Line {
    Line { key, value: None, origin: "not set".to_owned() }
}
