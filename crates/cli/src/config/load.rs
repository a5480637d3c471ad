//! The resolved configuration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use xtask_db_engine::{DbUrl, SessionOptions, ShadowOptions};

use super::key;
use super::layer::Raw;
use super::resolve::Sources;
use super::vars::DotEnv;
use super::{ConfigError, DEVELOPMENT, Origin, Project, Setting, Vars};

/// What the command line says about configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overrides {
    pub(crate) package: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) migrations: Option<PathBuf>,
    pub(crate) config: Option<PathBuf>,
}

/// Who seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SeedPolicy {
    /// `migrate` and `reset` do, after applying.
    Auto,
    /// `seed` alone does.
    Manual,
    /// Nobody may.
    Never,
}

/// Whether `deploy` needs a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackupPolicy {
    /// No.
    Never,
    /// It may take one.
    Offered,
    /// It refuses without one.
    Required,
}

/// The resolved configuration. A URL that cannot be resolved is an error only for the command
/// that needs it.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Where defaults start: the manifest's folder, or the working directory.
    pub(crate) root: PathBuf,
    /// The manifest or configuration file, when there is one.
    pub(crate) file: Option<PathBuf>,
    /// The package chosen, when packages have databases of their own.
    pub(crate) package: Option<String>,
    /// The environment named by flag or variable.
    pub(crate) environment: Option<Setting<String>>,
    pub(crate) url: Result<Setting<DbUrl>, ConfigError>,
    pub(crate) migrations: Setting<PathBuf>,
    pub(crate) schema: Setting<PathBuf>,
    pub(crate) seeds: Setting<PathBuf>,
    pub(crate) history_table: Setting<String>,
    pub(crate) schemas: Setting<Vec<String>>,
    pub(crate) ignore: Setting<Vec<String>>,
    pub(crate) search_path: Option<Setting<String>>,
    pub(crate) sql_mode: Option<Setting<String>>,
    pub(crate) session: Setting<Vec<String>>,
    pub(crate) after_migrate: Setting<Vec<String>>,
    pub(crate) shadow_url: Result<Option<Setting<DbUrl>>, ConfigError>,
    pub(crate) shadow_init: Option<Setting<PathBuf>>,
    pub(crate) seed: Option<Setting<String>>,
    pub(crate) seed_command: Option<Setting<String>>,
    pub(crate) protected: Option<Setting<String>>,
    pub(crate) backup: Option<Setting<String>>,
    /// Every environment that is configured.
    pub(crate) environments: BTreeMap<String, Environment>,
}

/// What another environment's table says, for protecting its database.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) protected: Option<bool>,
    pub(crate) url: Option<DbUrl>,
}

impl Overrides {
    /// The environment of flag or variable.
    pub(crate) fn environment(&self, vars: &Vars) -> Option<Setting<String>> {
        const VARIABLE: &str = "XTASK_DB_ENV";
        let flag = self.environment.clone();
        flag.map(|name| Setting::new(name, Origin::Flag("--env"))).or_else(|| {
            let name = vars.get(VARIABLE)?.to_owned();
            Some(Setting::new(name, Origin::Variable(VARIABLE.to_owned())))
        })
    }
}

impl Config {
    /// Resolves everything for a working directory.
    pub(crate) fn load(
        cwd: &Path,
        overrides: &Overrides,
        vars: &Vars,
    ) -> Result<Self, ConfigError> {
        let project = Project::find(cwd, overrides, vars)?;
        let dot_env = DotEnv::load(cwd, &project.root)?;
        let environment = overrides.environment(vars);
        let sources = Sources { cwd, overrides, vars, dot_env: &dot_env, project: &project, environment };
        sources.check_environment()?;
        let migrations = sources.migrations()?;
        if project.file.is_none()
            && migrations.origin == Origin::Default
            && !migrations.value.is_dir()
        {
            return Err(ConfigError::NoProject { start: cwd.to_owned() });
        }
        Ok(Self {
            url: sources.url(&migrations.value),
            migrations,
            schema: sources.path(key::SCHEMA, "schema.sql")?,
            seeds: sources.path(key::SEEDS, "seeds")?,
            history_table: sources.text(key::HISTORY_TABLE, "_xtask_db_migrations")?,
            schemas: sources.list(key::SCHEMAS)?,
            ignore: sources.list(key::IGNORE)?,
            search_path: sources.text_opt(key::SEARCH_PATH)?,
            sql_mode: sources.text_opt(key::SQL_MODE)?,
            session: sources.list(key::SESSION)?,
            after_migrate: sources.list(key::AFTER_MIGRATE)?,
            shadow_url: sources.shadow_url(),
            shadow_init: sources.path_opt(key::SHADOW_INIT)?,
            seed: sources.text_opt(key::SEED)?,
            seed_command: sources.text_opt(key::SEED_COMMAND)?,
            protected: sources.text_opt(key::PROTECTED)?,
            backup: sources.text_opt(key::BACKUP)?,
            environments: environments(&sources),
            environment: sources.environment.clone(),
            root: project.root.clone(),
            file: project.file.clone(),
            package: project.package.clone(),
        })
    }

    /// The name of the environment, when one was given.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.environment.as_ref().map(|name| name.value.as_str())
    }

    /// Whether a database marked with this name is protected: every one but `development`, unless
    /// its table says otherwise.
    pub(crate) fn is_protected(&self, environment: &str) -> bool {
        if self.environment().unwrap_or(DEVELOPMENT) == environment
            && let Some(protected) = &self.protected
        {
            return protected.value == "true";
        }
        let configured = self.environments.get(environment).and_then(|table| table.protected);
        configured.unwrap_or(environment != DEVELOPMENT)
    }

    /// Who seeds a database of this environment.
    pub(crate) fn seed_policy(&self, environment: &str) -> SeedPolicy {
        match self.seed.as_ref().map(|seed| seed.value.as_str()) {
            Some("auto") => SeedPolicy::Auto,
            Some("manual") => SeedPolicy::Manual,
            Some(_) => SeedPolicy::Never,
            None if self.is_protected(environment) => SeedPolicy::Never,
            None => SeedPolicy::Auto,
        }
    }

    /// Whether `deploy` needs a backup.
    pub(crate) fn backup_policy(&self) -> BackupPolicy {
        match self.backup.as_ref().map(|backup| backup.value.as_str()) {
            Some("required") => BackupPolicy::Required,
            Some("offered") => BackupPolicy::Offered,
            _ => BackupPolicy::Never,
        }
    }

    /// How a session is set up.
    pub(crate) fn session_options(&self) -> SessionOptions {
        SessionOptions {
            search_path: self.search_path.as_ref().map(|path| path.value.clone()),
            sql_mode: self.sql_mode.as_ref().map(|mode| mode.value.clone()),
            session: self.session.value.clone(),
            ..SessionOptions::default()
        }
    }

    /// How a shadow is made, its init script read.
    pub(crate) fn shadow_options(&self) -> Result<ShadowOptions, ConfigError> {
        let url = self.shadow_url.clone()?.map(|url| url.value);
        let init = match &self.shadow_init {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(&path.value).map_err(|error| {
                    ConfigError::Unreadable {
                        path: path.value.clone(),
                        problem: error.to_string(),
                    }
                })?;
                Some((path.value.display().to_string(), text))
            }
        };
        Ok(ShadowOptions { session: self.session_options(), url, init })
    }
}

fn environments(sources: &Sources<'_>) -> BTreeMap<String, Environment> {
    let names = sources.project.layers.iter().flat_map(|layer| layer.environments());
    names
        .map(|name| {
            let protected = match sources.raw_of(name, key::PROTECTED) {
                Some(Raw::Flag(flag)) => Some(flag),
                _ => None,
            };
            (name.to_owned(), Environment { protected, url: sources.url_of(name) })
        })
        .collect()
}
