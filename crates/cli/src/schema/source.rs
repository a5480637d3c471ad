//! What a schema is read from: `empty`, `schema:PATH`, `migrations:DIR`, `url:URL`, `env:NAME`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A source as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Empty,
    /// None: the project's.
    Schema(Option<PathBuf>),
    /// None: the project's.
    Migrations(Option<PathBuf>),
    /// Never shown: it may have a password.
    Url(String),
    Env(String),
    /// The project's database.
    Database,
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, rest) = text.split_once(':').map_or((text, None), |(word, rest)| {
            (word, Some(rest.trim()).filter(|rest| !rest.is_empty()))
        });
        match (word, rest) {
            ("empty", None) => Ok(Self::Empty),
            ("database", None) => Ok(Self::Database),
            ("schema", path) => Ok(Self::Schema(path.map(PathBuf::from))),
            ("migrations", path) => Ok(Self::Migrations(path.map(PathBuf::from))),
            ("url", Some(url)) => Ok(Self::Url(url.to_owned())),
            ("env", Some(name)) => Ok(Self::Env(name.to_owned())),
            // The text may be a URL with a password, so it is not repeated.
            _ => Err("write empty, schema, schema:PATH, migrations, migrations:DIR, database, \
                      url:URL or env:NAME"
                .to_owned()),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an empty database"),
            Self::Schema(None) => f.write_str("the declared schema"),
            Self::Migrations(None) => f.write_str("the migrations"),
            Self::Schema(Some(path)) | Self::Migrations(Some(path)) => {
                write!(f, "{}", path.display())
            }
            Self::Url(_) => f.write_str("the database of the URL"),
            Self::Env(name) => write!(f, "the database of {name}"),
            Self::Database => f.write_str("the database"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources() {
        let check = |text: &str, expected: Option<Source>| {
            assert_eq!(text.parse().ok(), expected, "{text}");
        };
        check("empty", Some(Source::Empty));
        check("schema", Some(Source::Schema(None)));
        check("schema:", Some(Source::Schema(None)));
        check("schema:a:b", Some(Source::Schema(Some("a:b".into()))));
        check("migrations:m", Some(Source::Migrations(Some("m".into()))));
        check("url:postgres://h/d", Some(Source::Url("postgres://h/d".to_owned())));
        check("url:", None);
        check("env:production", Some(Source::Env("production".to_owned())));
        check("env", None);
        check("postgres://u:secret@h/d", None);
        check("empty:x", None);
    }
}
