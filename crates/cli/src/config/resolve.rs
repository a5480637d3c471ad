//! From flags, variables and files to settings: flag, variable, package, workspace, default.

use std::path::{Path, PathBuf};

use xtask_db_engine::DbUrl;
use xtask_db_history::{LOCK_FILE, LockFile};
use xtask_db_sql::Dialect;

use super::layer::{Raw, raw_of_variable};
use super::vars::DotEnv;
use super::key::{self, Key};
use super::{ConfigError, DEVELOPMENT, Origin, Overrides, Project, Setting, Vars};

/// The prefix of a URL that names a variable.
const INDIRECT: &str = "env:";
/// The variable that is asked when no URL is configured.
const DATABASE_URL: &str = "DATABASE_URL";
/// The database when nothing says otherwise, for SQLite.
const DEFAULT_URL: &str = "sqlite:dev.db";

/// Everything a value can come from.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) cwd: &'a Path,
    pub(crate) overrides: &'a Overrides,
    pub(crate) vars: &'a Vars,
    pub(crate) dot_env: &'a DotEnv,
    pub(crate) project: &'a Project,
    pub(crate) environment: Option<Setting<String>>,
}

/// A value and the folder its relative paths start at.
#[derive(Debug)]
struct Found {
    raw: Raw,
    origin: Origin,
    base: PathBuf,
}

impl Sources<'_> {
    /// The environment's name, and that it exists where environments are listed.
    pub(crate) fn check_environment(&self) -> Result<(), ConfigError> {
        let Some(environment) = &self.environment else { return Ok(()) };
        let name = &environment.value;
        let mut known: Vec<String> =
            self.project.layers.iter().flat_map(|layer| layer.environments()).map(Into::into).collect();
        if known.is_empty() || name == DEVELOPMENT || known.contains(name) {
            return Ok(());
        }
        known.push(DEVELOPMENT.to_owned());
        known.sort();
        known.dedup();
        Err(ConfigError::UnknownEnvironment { name: name.clone(), known })
    }

    /// A string, or the default.
    pub(crate) fn text(&self, key: Key, default: &str) -> Result<Setting<String>, ConfigError> {
        Ok(self
            .text_opt(key)?
            .unwrap_or_else(|| Setting::new(default.to_owned(), Origin::Default)))
    }

    /// A string, when one is given.
    pub(crate) fn text_opt(&self, key: Key) -> Result<Option<Setting<String>>, ConfigError> {
        Ok(self.find(key)?.map(|found| Setting::new(found.raw.shown(), found.origin)))
    }

    /// A list, empty when none is given.
    pub(crate) fn list(&self, key: Key) -> Result<Setting<Vec<String>>, ConfigError> {
        Ok(match self.find(key)? {
            Some(Found { raw: Raw::List(items), origin, .. }) => Setting::new(items, origin),
            Some(found) => Setting::new(vec![found.raw.shown()], found.origin),
            None => Setting::new(Vec::new(), Origin::Default),
        })
    }

    /// A path, when one is given.
    pub(crate) fn path_opt(&self, key: Key) -> Result<Option<Setting<PathBuf>>, ConfigError> {
        Ok(self
            .find(key)?
            .map(|found| Setting::new(found.base.join(found.raw.shown()), found.origin)))
    }

    /// A path, or the default below the project's root.
    pub(crate) fn path(&self, key: Key, default: &str) -> Result<Setting<PathBuf>, ConfigError> {
        Ok(self
            .path_opt(key)?
            .unwrap_or_else(|| Setting::new(self.project.root.join(default), Origin::Default)))
    }

    /// The migrations folder.
    pub(crate) fn migrations(&self) -> Result<Setting<PathBuf>, ConfigError> {
        if let Some(dir) = &self.overrides.migrations {
            return Ok(Setting::new(self.cwd.join(dir), Origin::Flag("--migrations")));
        }
        let key = key::MIGRATIONS;
        // `.cargo/config.toml` sets a variable per database for the build; with several databases
        // the one without a suffix cannot speak for a package that names its own folder.
        if let Some(package) = &self.project.package {
            let suffix = package.to_uppercase().replace('-', "_");
            let variable = format!("{}_{suffix}", key.variable());
            if let Some(dir) = self.vars.get(&variable) {
                return Ok(Setting::new(self.cwd.join(dir), Origin::Variable(variable)));
            }
            let own = self.project.layers.first().and_then(|layer| Some((layer.get(key)?, layer)));
            if let Some(((raw, origin), layer)) = own {
                return Ok(Setting::new(layer.base().join(raw.shown()), origin));
            }
        }
        self.path(key, "migrations")
    }

    /// The database. With an environment only its own URL counts, or what the command line says.
    pub(crate) fn url(&self, migrations: &Path) -> Result<Setting<DbUrl>, ConfigError> {
        if let Some(text) = &self.overrides.url {
            return self.parse(text, Origin::Flag("--url"), self.cwd);
        }
        let found = match &self.environment {
            Some(name) => self.of_environment(&name.value, key::URL).or(self.of_variable(key::URL)?),
            None => self.find(key::URL)?,
        };
        match (found, &self.environment) {
            (Some(found), _) => self.parse(&found.raw.shown(), found.origin, &found.base),
            (None, Some(name)) if name.value != DEVELOPMENT => {
                Err(ConfigError::NoUrlFor { environment: name.value.clone() })
            }
            (None, _) => match self.of_layers(key::URL) {
                Some(found) => self.parse(&found.raw.shown(), found.origin, &found.base),
                None => self.default_url(migrations),
            },
        }
    }

    /// The database for shadows, when one is configured.
    pub(crate) fn shadow_url(&self) -> Result<Option<Setting<DbUrl>>, ConfigError> {
        self.find(key::SHADOW_URL)?
            .map(|found| self.parse(&found.raw.shown(), found.origin, &found.base))
            .transpose()
    }

    /// The URL of another environment, when one is configured and can be resolved.
    pub(crate) fn url_of(&self, environment: &str) -> Option<DbUrl> {
        let found = self.of_environment(environment, key::URL)?;
        self.parse(&found.raw.shown(), found.origin, &found.base).ok().map(|url| url.value)
    }

    /// What an environment itself says of a key.
    pub(crate) fn raw_of(&self, environment: &str, key: Key) -> Option<Raw> {
        self.of_environment(environment, key).map(|found| found.raw)
    }

    fn default_url(&self, migrations: &Path) -> Result<Setting<DbUrl>, ConfigError> {
        let root = &self.project.root;
        if let Some(found) = self.vars.find(self.dot_env, DATABASE_URL) {
            return self.parse(&found.value, found.origin, root);
        }
        let provider = LockFile::read(migrations).ok().map(|lock| lock.provider);
        let only_sqlite = cfg!(feature = "sqlite") && !migrations.join(LOCK_FILE).exists();
        if provider == Some(Dialect::Sqlite) || (provider.is_none() && only_sqlite) {
            return self.parse(DEFAULT_URL, Origin::Default, root);
        }
        let provider = provider.map(|dialect| dialect.provider().to_owned());
        Err(ConfigError::NoUrl { provider })
    }

    fn parse(&self, text: &str, origin: Origin, base: &Path) -> Result<Setting<DbUrl>, ConfigError> {
        let (text, origin) = match text.strip_prefix(INDIRECT) {
            None => (text.to_owned(), origin),
            Some(name) => match self.vars.find(self.dot_env, name) {
                None => {
                    return Err(ConfigError::Unset { name: name.to_owned(), named_by: origin });
                }
                Some(found) => {
                    let variable = Box::new(found.origin);
                    (found.value, Origin::Through { variable, named_by: Box::new(origin) })
                }
            },
        };
        match DbUrl::parse(&text, base) {
            Ok(url) => Ok(Setting::new(url, origin)),
            Err(error) => Err(ConfigError::Url { error, origin }),
        }
    }

    /// Variable, then the environment's tables, then the tables themselves.
    fn find(&self, key: Key) -> Result<Option<Found>, ConfigError> {
        if let Some(found) = self.of_variable(key)? {
            return Ok(Some(found));
        }
        let environment = self.environment.as_ref().map_or(DEVELOPMENT, |name| &name.value);
        Ok(self.of_environment(environment, key).or_else(|| self.of_layers(key)))
    }

    fn of_variable(&self, key: Key) -> Result<Option<Found>, ConfigError> {
        let variable = key.variable();
        let Some(text) = self.vars.get(&variable) else { return Ok(None) };
        let Some(raw) = raw_of_variable(key, text) else {
            let origin = Origin::Variable(variable.clone());
            return Err(ConfigError::BadValue {
                key: variable,
                wanted: key.wanted(),
                origin,
                at: None,
            });
        };
        Ok(Some(Found { raw, origin: Origin::Variable(variable), base: self.cwd.to_owned() }))
    }

    fn of_environment(&self, environment: &str, key: Key) -> Option<Found> {
        self.project.layers.iter().find_map(|layer| {
            let (raw, origin) = layer.get_for(environment, key)?;
            Some(Found { raw, origin, base: layer.base().to_owned() })
        })
    }

    fn of_layers(&self, key: Key) -> Option<Found> {
        self.project.layers.iter().find_map(|layer| {
            let (raw, origin) = layer.get(key)?;
            Some(Found { raw, origin, base: layer.base().to_owned() })
        })
    }
}
