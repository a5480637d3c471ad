//! A name as the server compares it, and as it was written.

use std::hash::{Hash, Hasher};

use xtask_db_sql::{Dialect, TokenKind, ident, unquote};

/// Schemas that are meant when none is written.
const DEFAULT_SCHEMAS: [&str; 2] = ["public", "main"];

/// The name of a table, an index, a type: equal to another when the server takes both for one.
#[derive(Debug, Clone)]
pub struct Name {
    /// Folded, qualified unless it is in a default schema.
    key: String,
    /// Folded, all of them.
    parts: Vec<String>,
    shown: String,
}

impl Name {
    /// From its parts, folded by [`fold`], the object's own name last.
    pub(crate) fn of_parts(parts: &[String], shown: String) -> Self {
        let kept = match parts {
            [schema, rest @ ..] if !rest.is_empty() && is_default(schema) => rest,
            all => all,
        };
        Self { key: kept.join("."), parts: parts.to_vec(), shown }
    }

    /// As SQL text. MySQL keeps the case of tables, so there it is what was written.
    pub(crate) fn sql(&self, dialect: Dialect) -> String {
        let quoted = |part: &str| ident(dialect, part);
        let parts: Vec<String> = match dialect {
            Dialect::Mysql => self.shown.split('.').map(quoted).collect(),
            _ => self.parts.iter().map(|part| quoted(part)).collect(),
        };
        parts.join(".")
    }

    /// A name of a catalog, which is not quoted.
    #[must_use]
    pub fn of_catalog(schema: Option<&str>, name: &str, dialect: Dialect) -> Self {
        let case = |part: &str| {
            if dialect == Dialect::Postgres { part.to_owned() } else { part.to_lowercase() }
        };
        let parts: Vec<String> = schema.into_iter().chain([name]).map(case).collect();
        let shown = schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"));
        Self::of_parts(&parts, shown)
    }

    /// As the server compares it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// As it was written.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// `table.column`.
    pub(crate) fn column(&self, column: &str) -> String {
        format!("{}.{column}", self.shown)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

fn is_default(schema: &str) -> bool {
    DEFAULT_SCHEMAS.contains(&schema)
}

/// A part of a name as the server compares it: PostgreSQL keeps the case of what is quoted, the
/// others compare without case.
pub(crate) fn fold(text: &str, kind: TokenKind, dialect: Dialect) -> String {
    let quoted = kind != TokenKind::Word;
    let plain = if quoted { unquote(text) } else { text.to_owned() };
    if quoted && dialect == Dialect::Postgres { plain } else { plain.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_as_their_server_does() {
        let check = |text, kind, dialect, expected: &str| {
            assert_eq!(fold(text, kind, dialect), expected, "{text}");
        };
        check("Users", TokenKind::Word, Dialect::Postgres, "users");
        check("\"Users\"", TokenKind::QuotedIdent, Dialect::Postgres, "Users");
        check("`Users`", TokenKind::QuotedIdent, Dialect::Mysql, "users");
        check("[Us]", TokenKind::QuotedIdent, Dialect::Sqlite, "us");
    }

    #[test]
    fn the_default_schema_is_not_part_of_the_name() {
        let parts = |parts: &[&str]| {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            Name::of_parts(&parts, parts.join("."))
        };
        assert_eq!(parts(&["public", "users"]), parts(&["users"]));
        assert_ne!(parts(&["audit", "users"]), parts(&["users"]));
        assert_eq!(parts(&["public"]).key(), "public");
        assert_eq!(Name::of_catalog(None, "Users", Dialect::Mysql).key(), "users");
    }
}
