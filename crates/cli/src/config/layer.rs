//! One table of settings out of a TOML file, checked key by key.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

use super::error::At;
use super::key::{ENVIRONMENTS, KEYS, Kind, nearest};
use super::{ConfigError, Key, Origin};

/// A value as it stands in a file or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Raw {
    Text(String),
    List(Vec<String>),
    Flag(bool),
}

/// A table of settings with those of its environments.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    path: PathBuf,
    /// E.g. `workspace.metadata.db`; empty for a file that is all settings.
    table: String,
    values: BTreeMap<&'static str, Raw>,
    environments: BTreeMap<String, BTreeMap<&'static str, Raw>>,
}

impl Layer {
    /// The table of this dotted name in a TOML text; none when it is not there.
    pub(crate) fn read(path: &Path, text: &str, table: &str) -> Result<Option<Self>, ConfigError> {
        let file = File { path, text };
        let document = file.parse()?;
        let mut item = document.as_item();
        for step in table.split('.').filter(|step| !step.is_empty()) {
            match item.get(step) {
                Some(next) => item = next,
                None => return Ok(None),
            }
        }
        let Some(found) = item.as_table_like() else {
            return Err(file.bad_value(table, "a table".to_owned(), item, table));
        };
        let values = file.values(found, table, true)?;
        let mut environments = BTreeMap::new();
        if let Some(list) = found.get(ENVIRONMENTS) {
            let table = join(table, ENVIRONMENTS);
            let Some(entries) = list.as_table_like() else {
                return Err(file.bad_value(ENVIRONMENTS, "a table".to_owned(), list, &table));
            };
            for (name, entry) in entries.iter() {
                let table = join(&table, name);
                let Some(entry_table) = entry.as_table_like() else {
                    return Err(file.bad_value(name, "a table".to_owned(), entry, &table));
                };
                environments.insert(name.to_owned(), file.values(entry_table, &table, false)?);
            }
        }
        let (path, table) = (path.to_owned(), table.to_owned());
        Ok(Some(Self { path, table, values, environments }))
    }

    /// The folder that relative paths of this table start at.
    pub(crate) fn base(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// The value that the table itself has.
    pub(crate) fn get(&self, key: Key) -> Option<(Raw, Origin)> {
        let raw = self.values.get(key.name)?.clone();
        Some((raw, Origin::File { path: self.path.clone(), table: self.table.clone() }))
    }

    /// The value that an environment of the table has.
    pub(crate) fn get_for(&self, environment: &str, key: Key) -> Option<(Raw, Origin)> {
        let raw = self.environments.get(environment)?.get(key.name)?.clone();
        let table = join(&join(&self.table, ENVIRONMENTS), environment);
        Some((raw, Origin::File { path: self.path.clone(), table }))
    }

    /// The names of its environments.
    pub(crate) fn environments(&self) -> impl Iterator<Item = &str> {
        self.environments.keys().map(String::as_str)
    }
}

impl Raw {
    /// The value as it is printed.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(", "),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

/// A file that is being read.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl<'a> File<'a> {
    fn parse(&self) -> Result<Document<&'a str>, ConfigError> {
        Document::parse(self.text).map_err(|error| ConfigError::Toml {
            at: self.at(error.span().map(|span| span.start)),
            problem: error.message().to_owned(),
        })
    }

    fn at(&self, byte: Option<usize>) -> At {
        let line = byte.map(|byte| xtask_db_sql::position(self.text, byte).line);
        At { path: self.path.to_owned(), line }
    }

    fn values(
        &self,
        found: &dyn TableLike,
        table: &str,
        environments: bool,
    ) -> Result<BTreeMap<&'static str, Raw>, ConfigError> {
        let mut values = BTreeMap::new();
        for (name, item) in found.iter() {
            if environments && name == ENVIRONMENTS {
                continue;
            }
            let Some(key) = Key::find(name) else {
                let place = found.key(name).and_then(toml_edit::Key::span);
                return Err(ConfigError::UnknownKey {
                    key: name.to_owned(),
                    table: table.to_owned(),
                    nearest: nearest(name, KEYS.iter().map(|key| key.name)),
                    at: self.at(place.map(|span| span.start)),
                });
            };
            let raw = raw(key, item)
                .ok_or_else(|| self.bad_value(name, key.wanted(), item, table))?;
            values.insert(key.name, raw);
        }
        Ok(values)
    }

    fn bad_value(&self, key: &str, wanted: String, item: &Item, table: &str) -> ConfigError {
        ConfigError::BadValue {
            key: key.to_owned(),
            wanted,
            origin: Origin::File { path: self.path.to_owned(), table: table.to_owned() },
            at: Some(self.at(item.span().map(|span| span.start))),
        }
    }
}

/// The value of a key, when it is of the key's kind.
fn raw(key: Key, item: &Item) -> Option<Raw> {
    match key.kind {
        Kind::Text => Some(Raw::Text(item.as_str()?.to_owned())),
        Kind::Word(words) => {
            let word = item.as_str()?;
            words.contains(&word).then(|| Raw::Text(word.to_owned()))
        }
        Kind::Flag => item.as_bool().map(Raw::Flag),
        Kind::List(_) => {
            let items = item.as_array()?.iter();
            items.map(|item| Some(item.as_str()?.to_owned())).collect::<Option<_>>().map(Raw::List)
        }
    }
}

/// The value of a key as a variable writes it, when it can be read.
pub(crate) fn raw_of_variable(key: Key, text: &str) -> Option<Raw> {
    match key.kind {
        Kind::Text => Some(Raw::Text(text.to_owned())),
        Kind::Word(words) => words.contains(&text).then(|| Raw::Text(text.to_owned())),
        Kind::Flag => text.parse().ok().map(Raw::Flag),
        Kind::List(separator) => {
            let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
            Some(Raw::List(items.map(str::to_owned).collect()))
        }
    }
}

fn join(table: &str, name: &str) -> String {
    if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Layer>, ConfigError> {
        Layer::read(Path::new("/w/Cargo.toml"), text, "workspace.metadata.db")
    }

    #[test]
    fn a_file_that_is_refused() {
        let check = |body: &str, expected: &str| {
            let text = format!("[workspace.metadata.db]\n{body}\n");
            let error = read(&text).expect_err("refused");
            let line = match &error {
                ConfigError::UnknownKey { at, nearest, .. } => {
                    format!(" line {:?} nearest {nearest:?}", at.line.unwrap_or(0))
                }
                ConfigError::BadValue { at: Some(at), .. } | ConfigError::Toml { at, .. } => {
                    format!(" line {:?}", at.line.unwrap_or(0))
                }
                _ => String::new(),
            };
            assert_eq!(format!("{error}{line}"), expected, "{body}");
        };
        check(
            "migratons = 'm'",
            "migratons is not a configuration key line 2 nearest Some(\"migrations\")",
        );
        check("\nurl = 3", "url must be a string line 3");
        check("seed = 'sometimes'", "seed must be auto, manual, never line 2");
        check("ignore = ['a', 1]", "ignore must be a list of strings line 2");
        check("protected = 'yes'", "protected must be true or false line 2");
        check(
            "[workspace.metadata.db.env.production]\nprotect = true",
            "protect is not a configuration key line 3 nearest Some(\"protected\")",
        );
        check("env = 'production'", "env must be a table line 2");
    }

    #[test]
    fn a_file_without_the_table_has_no_layer() {
        assert!(read("[workspace]\nmembers = []\n").expect("read").is_none());
    }

    #[test]
    fn environments_are_kept_apart() {
        let layer = read(
            "[workspace.metadata.db]\nurl = 'sqlite:a.db'\n\
             [workspace.metadata.db.env.production]\nurl = 'env:PROD'\nprotected = true\n",
        )
        .expect("read")
        .expect("a layer");
        let url = Key::find("url").expect("a key");
        assert_eq!(layer.get(url).expect("there").0, Raw::Text("sqlite:a.db".into()));
        let (raw, origin) = layer.get_for("production", url).expect("there");
        assert_eq!(raw, Raw::Text("env:PROD".into()));
        assert_eq!(origin.to_string(), "/w/Cargo.toml [workspace.metadata.db.env.production]");
        assert!(layer.get_for("staging", url).is_none());
    }
}
