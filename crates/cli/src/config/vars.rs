//! Variables: those of the process, then those of `.env`. The process environment is never changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{ConfigError, Origin, Setting};

/// The file that is read beside the process environment.
const DOT_ENV: &str = ".env";

/// The variables of the process, read once. An empty one counts as unset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vars {
    process: HashMap<String, String>,
}

/// The variables of one `.env` file.
#[derive(Debug, Clone, Default)]
pub(crate) struct DotEnv {
    path: PathBuf,
    values: HashMap<String, String>,
}

impl Vars {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        let process = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { process }
    }

    /// A variable of the process.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.process.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A variable of the process, else of `.env`.
    pub(crate) fn find(&self, dot_env: &DotEnv, name: &str) -> Option<Setting<String>> {
        if let Some(value) = self.get(name) {
            return Some(Setting::new(value.to_owned(), Origin::Variable(name.to_owned())));
        }
        let value = dot_env.values.get(name).filter(|value| !value.is_empty())?;
        let origin = Origin::DotEnv { name: name.to_owned(), path: dot_env.path.clone() };
        Some(Setting::new(value.clone(), origin))
    }
}

impl FromIterator<(String, String)> for Vars {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self { process: variables.into_iter().collect() }
    }
}

impl DotEnv {
    /// The nearest `.env` from `start` up to `root`, both included; of `root` alone when `start`
    /// is not below it.
    pub(crate) fn load(start: &Path, root: &Path) -> Result<Self, ConfigError> {
        let from = if start.starts_with(root) { start } else { root };
        let found = from
            .ancestors()
            .take_while(|dir| dir.starts_with(root))
            .map(|dir| dir.join(DOT_ENV))
            .find(|path| path.is_file());
        let Some(path) = found else { return Ok(Self::default()) };
        let problem = |error: dotenvy::Error| ConfigError::DotEnv {
            path: path.clone(),
            // dotenvy's own text repeats the line, which may hold a secret.
            problem: match error {
                dotenvy::Error::LineParse(_, at) => format!("a line is not NAME=value (byte {at})"),
                dotenvy::Error::Io(error) => error.to_string(),
                _ => "it cannot be read".to_owned(),
            },
        };
        let values = dotenvy::from_path_iter(&path)
            .map_err(problem)?
            .collect::<Result<_, _>>()
            .map_err(problem)?;
        Ok(Self { path, values })
    }
}
