//! `[metadata.db.lint]`: levels of rules, the server, what a large table is.

use serde_json::Value;
use xtask_db_lint::{Level, Options, Server};

use super::Chosen;
use crate::config::{Project, Setting};
use crate::fault::{ConfigFault, Fault};

/// Later ones count before earlier ones.
const LEVELS: [(&str, Level); 4] = [
    ("off", Level::Off),
    ("note", Level::Note),
    ("warning", Level::Warning),
    ("error", Level::Error),
];

/// What the project chose.
pub(crate) fn options(project: &Project, chosen: &Chosen) -> Result<Options, Fault> {
    let dialect = chosen.history.dialect();
    let mut options = Options::new(Server::of(dialect));
    if let Some(sizes) = &chosen.sizes
        && let Some(server) = Server::parse(&sizes.server, dialect)
    {
        options.server = server;
    }
    let Some(setting) = project.lint() else { return Ok(options) };
    if let Some(text) = setting.value.get("server").and_then(Value::as_str) {
        options.server = Server::parse(text, dialect).ok_or_else(|| {
            let expected = "a server of the lock file's kind, such as postgres 15 or mariadb 10.11";
            wrong(&setting, "server", text, expected)
        })?;
    }
    if let Some(rows) = setting.value.get("large-rows").and_then(Value::as_u64) {
        options.large = rows;
    }
    for (key, level) in LEVELS {
        for name in list(&setting.value[key]) {
            let expected = "a rule such as K01 or drop-table, or the letter of a class";
            options.set(&name, level).map_err(|_| wrong(&setting, key, &name, expected))?;
        }
    }
    Ok(options)
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => text.split(';').map(|item| item.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn wrong(
    setting: &Setting<Value>,
    key: &'static str,
    value: &str,
    expected: &'static str,
) -> ConfigFault {
    let origin = format!("{}.lint", setting.origin);
    ConfigFault::Choice { key, value: value.to_owned(), origin, expected }
}
