//! A value and where it came from.

use std::fmt;
use std::path::PathBuf;

/// A resolved value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Where a value came from, as shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag of the command line, e.g. `--url`.
    Flag(&'static str),
    /// A variable of the process environment.
    Variable(String),
    /// A variable that `.env` has.
    DotEnv { name: String, path: PathBuf },
    /// A table of a manifest or of the file named by `--config`.
    File { path: PathBuf, table: String },
    /// `env:NAME` in another place: the variable, and that place.
    Through { variable: Box<Origin>, named_by: Box<Origin> },
    /// Nobody said.
    Default,
}

impl<T> Setting<T> {
    pub(crate) const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: f(self.value), origin: self.origin }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::DotEnv { name, path } => write!(f, "{name} in {}", path.display()),
            Self::File { path, table } if table.is_empty() => write!(f, "{}", path.display()),
            Self::File { path, table } => write!(f, "{} [{table}]", path.display()),
            Self::Through { variable, named_by } => write!(f, "{variable}, named by {named_by}"),
            Self::Default => f.write_str("default"),
        }
    }
}
