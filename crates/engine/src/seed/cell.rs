//! One value of a row, and what its column takes.

use xtask_db_schema::Field;
use xtask_db_sql::{Dialect, Syntax, literal};

/// A value as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    /// As it is written, which no float keeps.
    Number(String),
    Text(String),
    /// An object or an array, as it is written.
    Nested(String),
    /// A field of CSV, which says nothing of its type.
    Plain(String),
}

/// What a column takes, by the name of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Bool,
    Whole,
    Number,
    Text,
    Json,
    /// PostgreSQL.
    Array,
    /// Dates, addresses, enums: a text that the server reads.
    Other,
    /// SQLite's columns without a type.
    Any,
}

impl Cell {
    /// For messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Nested(_) => "an object or an array",
            Self::Plain(_) => "something else",
        }
    }

    /// The value as SQL.
    pub(super) fn sql(&self, wanted: Wanted, syntax: Syntax) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Plain(text) if wanted == Wanted::Bool => {
                Self::Bool(is_true(text)).sql(wanted, syntax)
            }
            Self::Bool(value) if syntax.dialect == Dialect::Postgres => value.to_string(),
            Self::Bool(value) => u8::from(*value).to_string(),
            Self::Number(number) if wanted == Wanted::Json => literal(syntax, number),
            Self::Number(number) => number.clone(),
            // A text in a JSON column is a JSON text.
            Self::Text(text) if wanted == Wanted::Json => {
                literal(syntax, &serde_json::Value::from(text.as_str()).to_string())
            }
            Self::Text(text) => literal(syntax, text),
            Self::Nested(text) if wanted == Wanted::Array => literal(syntax, &array(text)),
            Self::Nested(text) | Self::Plain(text) => literal(syntax, text),
        }
    }
}

impl Wanted {
    /// By the type's name: `character varying(20)`, `bigint unsigned`, `DATETIME`.
    pub(super) fn of(dialect: Dialect, field: &Field) -> Self {
        let name = field.base.as_deref().unwrap_or(&field.type_name).to_lowercase();
        if name.ends_with("[]") {
            return Self::Array;
        }
        let bare = name.split('(').next().unwrap_or_default().trim();
        match dialect {
            Dialect::Postgres => postgres(bare),
            Dialect::Mysql if name.starts_with("tinyint(1)") => Self::Bool,
            Dialect::Mysql => mysql(bare.split(' ').next().unwrap_or_default()),
            Dialect::Sqlite => sqlite(bare),
        }
    }

    /// For messages.
    pub(super) const fn shown(self) -> &'static str {
        match self {
            Self::Bool => "a boolean",
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::Text | Self::Other => "a text",
            Self::Json => "any JSON value",
            Self::Array => "an array",
            Self::Any => "any value",
        }
    }

    /// Whether the column takes the value; the server has the last word.
    pub(super) fn takes(self, cell: &Cell) -> bool {
        match (self, cell) {
            (_, Cell::Null) | (Self::Any | Self::Json, _) => true,
            (Self::Bool, Cell::Bool(_)) => true,
            // MySQL and SQLite write booleans as numbers.
            (Self::Bool, Cell::Number(number)) => number == "0" || number == "1",
            (Self::Whole, Cell::Number(number)) => !number.contains(['.', 'e', 'E']),
            (Self::Number, Cell::Number(_)) => true,
            // A number that no JSON number holds.
            (Self::Whole | Self::Number, Cell::Text(text)) => text.parse::<f64>().is_ok(),
            (Self::Text, Cell::Text(_)) => true,
            (Self::Other, Cell::Text(_) | Cell::Number(_)) => true,
            (Self::Bool, Cell::Plain(text)) => is_true(text) || is_false(text),
            (Self::Whole, Cell::Plain(text)) => text.parse::<i128>().is_ok(),
            (Self::Number, Cell::Plain(text)) => text.parse::<f64>().is_ok(),
            (_, Cell::Plain(_)) => true,
            (Self::Array, Cell::Nested(text)) => text.trim_start().starts_with('['),
            (Self::Array, Cell::Text(_)) => true,
            _ => false,
        }
    }
}

fn is_true(text: &str) -> bool {
    ["true", "t", "1", "yes"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_false(text: &str) -> bool {
    ["false", "f", "0", "no"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn postgres(name: &str) -> Wanted {
    match name {
        "boolean" => Wanted::Bool,
        "smallint" | "integer" | "bigint" => Wanted::Whole,
        "numeric" | "real" | "double precision" => Wanted::Number,
        "text" | "character varying" | "character" | "citext" | "name" => Wanted::Text,
        "json" | "jsonb" => Wanted::Json,
        _ => Wanted::Other,
    }
}

fn mysql(name: &str) -> Wanted {
    match name {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => Wanted::Whole,
        "decimal" | "float" | "double" => Wanted::Number,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" => Wanted::Text,
        // MariaDB writes JSON so.
        "json" | "longtext" => Wanted::Any,
        _ => Wanted::Other,
    }
}

/// By affinity (<https://www.sqlite.org/datatype3.html>, section 3.1).
fn sqlite(name: &str) -> Wanted {
    match name {
        "" | "any" => Wanted::Any,
        "json" | "jsonb" => Wanted::Json,
        "boolean" | "bool" => Wanted::Bool,
        name if name.contains("int") => Wanted::Whole,
        name if ["char", "clob", "text"].iter().any(|part| name.contains(part)) => Wanted::Text,
        name if ["real", "floa", "doub"].iter().any(|part| name.contains(part)) => Wanted::Number,
        _ => Wanted::Any,
    }
}

/// A JSON array as PostgreSQL's array text.
fn array(json: &str) -> String {
    let items: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let item = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "NULL".to_owned(),
        serde_json::Value::Array(_) => array(&value.to_string()),
        serde_json::Value::String(text) => quoted(text),
        serde_json::Value::Object(_) => quoted(&value.to_string()),
        other => other.to_string(),
    };
    format!("{{{}}}", items.iter().map(item).collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_as_postgresql_reads_them() {
        let check = |json: &str, expected: &str| assert_eq!(array(json), expected);
        check("[]", "{}");
        check("[1, 2.50, null, true]", "{1,2.50,NULL,true}");
        check(r#"["a", "b\"c", "d\\e", "", "NULL"]"#, r#"{"a","b\"c","d\\e","","NULL"}"#);
        check("[[1],[2]]", "{{1},{2}}");
    }
}
