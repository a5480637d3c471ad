//! One source of settings.

use serde_json::{Map, Value};

use super::keys::{self, KEYS, Key, Kind};
use crate::fault::ConfigFault;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, e.g. `--url`.
    Flag(&'static str),
    /// A variable of the process, or of the `.env` file.
    Variable { name: String, dotenv: bool },
    /// A table in a file, e.g. `Cargo.toml [workspace.metadata.db]`.
    Table(String),
    /// Nobody said.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable { name, dotenv: false } => write!(f, "variable {name}"),
            Self::Variable { name, dotenv: true } => write!(f, ".env {name}"),
            Self::Table(table) => f.write_str(table),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A table of settings with its name.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) values: Map<String, Value>,
}

impl Layer {
    /// Checks that every key is known and of its kind.
    pub(crate) fn check(self) -> Result<Self, ConfigFault> {
        for (name, value) in &self.values {
            check(&KEYS, &self.name, name, value)?;
            if name == "env" {
                let environments = value.as_object().ok_or_else(|| self.wrong(name, "a table"))?;
                for (environment, values) in environments {
                    let table = format!("{}.env.{environment}", self.name);
                    let values = values.as_object().ok_or_else(|| self.wrong(&table, "a table"))?;
                    for (name, value) in values {
                        check(&KEYS, &table, name, value)?;
                    }
                }
            }
        }
        Ok(self)
    }

    /// The settings of one environment in this layer.
    pub(crate) fn environment(&self, environment: &str) -> Option<Self> {
        let values = self.values.get("env")?.get(environment)?.as_object()?.clone();
        Some(Self { name: format!("{}.env.{environment}", self.name), values })
    }

    fn wrong(&self, key: &str, expected: &'static str) -> ConfigFault {
        ConfigFault::Kind { table: self.name.clone(), key: key.to_owned(), expected }
    }
}

fn check(keys: &'static [Key], table: &str, name: &str, value: &Value) -> Result<(), ConfigFault> {
    let Some(key) = keys::find(keys, name) else {
        return Err(ConfigFault::Key {
            table: table.to_owned(),
            key: name.to_owned(),
            nearest: keys::nearest(keys, name),
        });
    };
    let list =
        |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
    let (fits, expected) = match key.kind {
        _ if name == "env" => (true, "a table"),
        Kind::Text => (value.is_string(), "text"),
        Kind::List => (list(value) || value.is_string(), "a list of texts"),
        Kind::Flag => (value.is_boolean(), "true or false"),
        Kind::Count => (value.is_u64(), "a number"),
        Kind::Table(keys) => {
            let inside = value.as_object().map(|values| {
                let table = format!("{table}.{name}");
                values.iter().try_for_each(|(name, value)| check(keys, &table, name, value))
            });
            inside.transpose()?;
            (value.is_object(), "a table")
        }
    };
    if fits {
        return Ok(());
    }
    Err(ConfigFault::Kind { table: table.to_owned(), key: name.to_owned(), expected })
}
