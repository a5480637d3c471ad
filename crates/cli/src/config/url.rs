//! The database's URL: text, or the name of a variable.

use std::collections::BTreeMap;

use super::layer::Origin;
use crate::fault::ConfigFault;

/// The variables of the process and of the `.env` file. An empty one counts as unset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    pub(crate) process: BTreeMap<String, String>,
    pub(crate) dotenv: BTreeMap<String, String>,
}

impl Variables {
    /// A variable of the process only.
    pub(crate) fn process(&self, name: &str) -> Option<&str> {
        self.process.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A variable, the process first, and where it was.
    pub(crate) fn any(&self, name: &str) -> Option<(&str, Origin)> {
        let origin = |dotenv| Origin::Variable { name: name.to_owned(), dotenv };
        if let Some(value) = self.process(name) {
            return Some((value, origin(false)));
        }
        let value = self.dotenv.get(name).map(String::as_str).filter(|value| !value.is_empty())?;
        Some((value, origin(true)))
    }

    /// `env:NAME` as the variable's value, any other text as it is.
    pub(crate) fn expand(
        &self,
        text: &str,
        origin: &Origin,
        dotenv: bool,
    ) -> Result<(String, Origin), ConfigFault> {
        let Some(name) = text.strip_prefix("env:") else {
            return Ok((text.to_owned(), origin.clone()));
        };
        let found = match dotenv {
            true => self.any(name),
            false => self
                .process(name)
                .map(|value| (value, Origin::Variable { name: name.to_owned(), dotenv: false })),
        };
        match found {
            Some((value, origin)) => Ok((value.to_owned(), origin)),
            None => Err(ConfigFault::Unset { name: name.to_owned(), origin: origin.to_string() }),
        }
    }
}
