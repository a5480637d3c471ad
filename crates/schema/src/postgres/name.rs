//! Names of objects, and how they are written.

use std::fmt;

use serde::{Deserialize, Serialize};
use xtask_db_sql::{Dialect, Syntax, ident, literal};

use super::word::RESERVED;

/// The name of a relation, a type or a routine. Shown as SQL.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name {
    /// Its schema; none when the name alone finds it in the session's own schema.
    pub schema: Option<String>,
    /// The name itself.
    pub name: String,
}

/// The name of what belongs to a relation or a type: a column, a constraint, a trigger, a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Member {
    /// What it belongs to.
    pub of: Name,
    /// Its own name.
    pub name: String,
}

/// What tells a routine from others of its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// Its name.
    pub name: Name,
    /// The types of its arguments as the server prints them.
    pub arguments: String,
}

impl Name {
    /// A name in the session's own schema.
    #[must_use]
    pub fn own(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// Another name in the same schema.
    #[must_use]
    pub fn beside(&self, name: impl Into<String>) -> Self {
        Self { schema: self.schema.clone(), name: name.into() }
    }

    /// What belongs to it.
    #[must_use]
    pub fn member(&self, name: impl Into<String>) -> Member {
        Member { of: self.clone(), name: name.into() }
    }

    /// As a user would write it in a sentence: `app.users`, without quotes.
    #[must_use]
    pub fn plain(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Member {
    /// As a user would write it in a sentence: `users.email`, without quotes.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{}.{}", self.of.plain(), self.name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", quote(schema))?;
        }
        f.write_str(&quote(&self.name))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name, self.arguments)
    }
}

/// An identifier, quoted where it must be.
pub(super) fn quote(name: &str) -> String {
    let first = |c: char| c.is_ascii_lowercase() || c == '_';
    let plain = name.starts_with(first)
        && name.chars().all(|c| first(c) || c.is_ascii_digit())
        && RESERVED.binary_search(&name).is_err();
    if plain { name.to_owned() } else { ident(Dialect::Postgres, name) }
}

/// Identifiers with commas between them.
pub(super) fn quote_all<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// A string literal.
pub(super) fn text(value: &str) -> String {
    literal(Syntax::of(Dialect::Postgres), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let check = |name: &str, expected: &str| assert_eq!(quote(name), expected);
        check("users", "users");
        check("_a1", "_a1");
        check("Users", "\"Users\"");
        check("1a", "\"1a\"");
        check("user", "\"user\"");
        check("order", "\"order\"");
        check("name", "name");
        check("é", "\"é\"");
        check("a\"b", "\"a\"\"b\"");
        check("", "\"\"");
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn names_show_as_sql() {
        let name = Name { schema: Some("App".to_owned()), name: "t".to_owned() };
        assert_eq!(name.to_string(), "\"App\".t");
        assert_eq!(name.member("Id").plain(), "App.t.Id");
    }
}
