//! The resolved configuration.

#[cfg(any(test, fuzzing))]
pub(super) mod fuzzed;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value};
use xtask_db_engine::{DbUrl, Scope, SessionOptions};
use xtask_db_sql::Dialect;

use super::cargo;
use super::keys;
use super::layer::{Layer, Origin};
use super::url::Variables;
use crate::args::Global;
use crate::fault::{ConfigFault, Fault};

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// When seeds run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SeedPolicy {
    Auto,
    Manual,
    Never,
}

/// The resolved configuration.
#[derive(Debug)]
pub(crate) struct Project {
    /// Where relative paths start.
    pub(crate) root: PathBuf,
    pub(crate) package: Option<String>,
    /// The environment that was named.
    pub(crate) environment: Option<Setting<String>>,
    pub(crate) variables: Variables,
    /// Where cargo builds; none without cargo.
    pub(crate) target: Option<PathBuf>,
    flags: Map<String, Value>,
    layers: Vec<Layer>,
}

impl Project {
    /// Finds and reads every source. Cargo is asked only when a manifest is near and the flags do
    /// not say everything; never for an application that embeds its migrations.
    pub(crate) fn find(
        folder: &Path,
        global: &Global,
        variables: Variables,
        ask_cargo: bool,
    ) -> Result<Self, ConfigFault> {
        let set = |name| variables.process(name).map(PathBuf::from);
        let config = global.config.clone().or_else(|| set("XTASK_DB_CONFIG"));
        let complete = global.migrations.is_some() && global.url.is_some();
        let mut layers = Vec::new();
        let mut root = folder.to_owned();
        let mut package = None;
        let mut target = None;
        if let Some(file) = &config {
            layers.push(read_file(&folder.join(file))?);
        } else if ask_cargo && !complete && cargo::near(folder) {
            let manifests = cargo::read(folder, global.package.as_deref())?;
            (root, package, layers) = (manifests.root, manifests.package, manifests.layers);
            target = Some(manifests.target);
        }
        let environment = environment(global, &variables);
        let mut flags = Map::new();
        if let Some(url) = &global.url {
            flags.insert("url".to_owned(), Value::String(url.clone()));
        }
        if let Some(dir) = &global.migrations {
            let dir = folder.join(dir).display().to_string();
            flags.insert("migrations".to_owned(), Value::String(dir));
        }
        let project = Self { root, package, environment, variables, target, flags, layers };
        project.check_environment()?;
        Ok(project)
    }

    /// An environment that has no settings is a misspelt one, unless there is no configuration.
    fn check_environment(&self) -> Result<(), ConfigFault> {
        let Some(environment) = &self.environment else { return Ok(()) };
        let known: Vec<String> = self
            .layers
            .iter()
            .filter_map(|layer| layer.values.get("env")?.as_object())
            .flat_map(|environments| environments.keys().cloned())
            .collect();
        let named = known.contains(&environment.value);
        if named || (known.is_empty() && self.flags.contains_key("url")) {
            return Ok(());
        }
        let has_url = self.variables.process("XTASK_DB_URL").is_some();
        if known.is_empty() && has_url {
            return Ok(());
        }
        Err(ConfigFault::Environment { name: environment.value.clone(), known })
    }

    /// A key's raw value: flag, variable, the environment's table, package, workspace.
    fn raw(&self, key: &str) -> Option<Setting<Value>> {
        if let Some(value) = self.flags.get(key) {
            let flag = if key == "url" { "--url" } else { "--migrations" };
            return Some(Setting { value: value.clone(), origin: Origin::Flag(flag) });
        }
        let mut name = keys::variable(key);
        // cargo sets one variable per database: the workspace's is not a package's
        if let (true, Some(package)) = (key == "migrations", &self.package) {
            name = format!("{name}_{}", keys::variable(package).trim_start_matches("XTASK_DB_"));
        }
        if let Some(value) = self.variables.process(&name) {
            let origin = Origin::Variable { name, dotenv: false };
            return Some(Setting { value: Value::String(value.to_owned()), origin });
        }
        let found = |layer: &Layer| {
            let value = layer.values.get(key)?.clone();
            Some(Setting { value, origin: Origin::Table(layer.name.clone()) })
        };
        let environment = self.environment.as_ref().map(|e| e.value.as_str());
        if let Some(environment) = environment {
            let mut of = self.layers.iter().filter_map(|layer| layer.environment(environment));
            if let Some(setting) = of.find_map(|layer| found(&layer)) {
                return Some(setting);
            }
            if key == "url" {
                return None;
            }
        }
        self.layers.iter().find_map(found)
    }

    /// The chosen package has a table of its own.
    pub(crate) fn has_package_table(&self) -> bool {
        self.layers.iter().any(|layer| layer.name.contains("[package.metadata.db]"))
    }

    /// A key of the chosen package's own table.
    pub(crate) fn package_table(&self, key: &str) -> Option<&Value> {
        let own = |layer: &&Layer| layer.name.contains("[package.metadata.db]");
        self.layers.iter().filter(own).find_map(|layer| layer.values.get(key))
    }

    /// A text key.
    pub(crate) fn text(&self, key: &str) -> Option<Setting<String>> {
        let raw = self.raw(key)?;
        Some(Setting { value: raw.value.as_str()?.to_owned(), origin: raw.origin })
    }

    /// A list key; a variable holds items separated by `;`.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        match self.raw(key).map(|raw| raw.value) {
            Some(Value::Array(items)) => {
                items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
            }
            Some(Value::String(text)) => {
                text.split(';').map(|item| item.trim().to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A key as `config` shows it.
    pub(crate) fn shown(&self, key: &str) -> Option<Setting<String>> {
        let raw = self.raw(key)?;
        let value = match raw.value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Some(Setting { value, origin: raw.origin })
    }

    pub(super) fn path(&self, key: &str, default: &str) -> PathBuf {
        match self.text(key) {
            Some(setting) => self.root.join(setting.value),
            None => self.root.join(default),
        }
    }

    /// The migrations folder.
    pub(crate) fn migrations(&self) -> PathBuf {
        self.path("migrations", "migrations")
    }

    /// The declared schema, and whether the configuration names it.
    pub(crate) fn schema(&self) -> (PathBuf, bool) {
        (self.path("schema", "schema.sql"), self.text("schema").is_some())
    }

    /// The seeds folder.
    pub(crate) fn seeds(&self) -> PathBuf {
        self.path("seeds", "seeds")
    }

    /// The ledger's name for a new lock file.
    pub(crate) fn history_table(&self) -> String {
        self.text("history-table")
            .map_or_else(|| "_xtask_db_migrations".to_owned(), |setting| setting.value)
    }

    /// The database. `provider` is the lock file's, when there is one: the default file
    /// `sqlite:dev.db` holds for SQLite only.
    pub(crate) fn url(&self, provider: Option<Dialect>) -> Result<Setting<DbUrl>, Fault> {
        let (text, origin) = self.url_text(provider)?;
        let value = DbUrl::parse(&text, &self.root)
            .map_err(|problem| ConfigFault::Url { origin: origin.to_string(), problem })?;
        if let Some(lock) = provider
            && lock != value.dialect()
        {
            let url = value.dialect();
            return Err(xtask_db_engine::Error::Provider { lock, url }.into());
        }
        Ok(Setting { value, origin })
    }

    fn url_text(&self, provider: Option<Dialect>) -> Result<(String, Origin), ConfigFault> {
        let dotenv = self.environment.is_none();
        if let Some(raw) = self.text("url") {
            return self.variables.expand(&raw.value, &raw.origin, dotenv);
        }
        if let Some(environment) = &self.environment {
            return Err(ConfigFault::NoUrl { environment: environment.value.clone() });
        }
        if let Some((url, origin)) = self.variables.any("DATABASE_URL") {
            return Ok((url.to_owned(), origin));
        }
        match provider {
            Some(Dialect::Sqlite) | None => Ok(("sqlite:dev.db".to_owned(), Origin::Default)),
            Some(provider) => Err(ConfigFault::NoDefault { provider }),
        }
    }

    /// The shadow's URL, where none can be created.
    pub(crate) fn shadow_url(&self) -> Result<Option<DbUrl>, Fault> {
        let Some(raw) = self.text("shadow-url") else { return Ok(None) };
        let (text, origin) = self.variables.expand(&raw.value, &raw.origin, true)?;
        let url = DbUrl::parse(&text, &self.root)
            .map_err(|problem| ConfigFault::Url { origin: origin.to_string(), problem })?;
        Ok(Some(url))
    }

    /// Development commands refuse: the environment says so, or it is named and says nothing but
    /// is not `development`.
    pub(crate) fn protected(&self) -> bool {
        match self.raw("protected").map(|raw| raw.value) {
            Some(Value::Bool(protected)) => protected,
            Some(Value::String(text)) => text != "false",
            _ => self.environment.as_ref().is_some_and(|env| env.value != "development"),
        }
    }

    /// When seeds run: by themselves in development, else by hand.
    pub(crate) fn seed(&self) -> Result<SeedPolicy, ConfigFault> {
        match self.text("seed") {
            None if self.protected() => Ok(SeedPolicy::Manual),
            None => Ok(SeedPolicy::Auto),
            Some(setting) => match setting.value.as_str() {
                "auto" => Ok(SeedPolicy::Auto),
                "manual" => Ok(SeedPolicy::Manual),
                "never" => Ok(SeedPolicy::Never),
                _ => Err(choice("seed", &setting, "auto, manual or never")),
            },
        }
    }

    /// Whether `deploy` runs backfills itself; none: nobody said.
    pub(crate) fn backfill(&self) -> Result<Option<bool>, ConfigFault> {
        let Some(setting) = self.text("backfill") else { return Ok(None) };
        match setting.value.as_str() {
            "run" => Ok(Some(true)),
            "separate" => Ok(Some(false)),
            _ => Err(choice("backfill", &setting, "run or separate")),
        }
    }

    /// How sessions are set up.
    pub(crate) fn session(&self) -> Result<SessionOptions, ConfigFault> {
        let statement_timeout = match self.text("statement-timeout") {
            None => None,
            Some(setting) => Some(
                duration(&setting.value)
                    .ok_or_else(|| choice("statement-timeout", &setting, "such as 30s or 10m"))?,
            ),
        };
        Ok(SessionOptions {
            statement_timeout,
            search_path: self.text("search-path").map(|setting| setting.value),
            sql_mode: self.text("sql-mode").map(|setting| setting.value),
            session: self.list("session"),
            ..SessionOptions::default()
        })
    }

    /// What `lint` is told, with the place for messages.
    #[cfg(feature = "lint")]
    pub(crate) fn lint(&self) -> Option<Setting<Value>> {
        self.raw("lint").filter(|raw| raw.value.is_object())
    }

    /// What belongs to the project.
    pub(crate) fn scope(&self) -> Scope {
        Scope { schemas: self.list("schemas"), ignore: self.list("ignore") }
    }
}

fn environment(global: &Global, variables: &Variables) -> Option<Setting<String>> {
    if let Some(name) = global.env.as_deref().filter(|name| !name.is_empty()) {
        return Some(Setting { value: name.to_owned(), origin: Origin::Flag("--env") });
    }
    let name = "XTASK_DB_ENV";
    let value = variables.process(name)?.to_owned();
    Some(Setting { value, origin: Origin::Variable { name: name.to_owned(), dotenv: false } })
}

pub(crate) fn choice(
    key: &'static str,
    setting: &Setting<String>,
    expected: &'static str,
) -> ConfigFault {
    ConfigFault::Choice {
        key,
        value: setting.value.clone(),
        origin: setting.origin.to_string(),
        expected,
    }
}

/// `30s`, `10m`, `2h`, or seconds.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds: u64 = digits.trim().parse().ok()?;
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    Some(Duration::from_secs(seconds.checked_mul(unit)?))
}

fn read_file(path: &Path) -> Result<Layer, ConfigFault> {
    let unreadable = |said: String| ConfigFault::File { path: path.to_owned(), said };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    table(path, &text)?.check()
}

/// The text of a file as a table, its keys not checked.
fn table(path: &Path, text: &str) -> Result<Layer, ConfigFault> {
    let values: Map<String, Value> = toml_edit::de::from_str(text)
        .map_err(|error| ConfigFault::File { path: path.to_owned(), said: error.to_string() })?;
    Ok(Layer { name: path.display().to_string(), values })
}
