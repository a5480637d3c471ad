//! MySQL and MariaDB: what sqlx's driver reads each type as.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex};

use super::types::{Clock, bare};

/// The type. `tinyint(1)` is how both servers write BOOLEAN.
pub(super) fn of(type_name: &str, clock: Clock) -> Option<String> {
    let lower = type_name.to_lowercase();
    if lower == "tinyint(1)" {
        return Some("bool".to_owned());
    }
    let unsigned = lower.contains("unsigned");
    let whole = |signed: &str| {
        let sign = if unsigned { "u" } else { "i" };
        Some(format!("{sign}{signed}"))
    };
    let name = bare(&lower);
    let rust = match name.split(' ').next().unwrap_or_default() {
        "tinyint" => return whole("8"),
        "smallint" => return whole("16"),
        "mediumint" | "int" | "integer" => return whole("32"),
        "bigint" => return whole("64"),
        "float" => "f32",
        "double" => "f64",
        "decimal" => "rust_decimal::Decimal",
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "set" | "enum" => {
            "String"
        }
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => "Vec<u8>",
        "date" => clock.date,
        "time" => clock.time,
        "datetime" => clock.local,
        "timestamp" => clock.instant,
        "year" => "u16",
        "json" => "serde_json::Value",
        _ => return None,
    };
    Some(rust.to_owned())
}

/// The values of `enum('a','b')`.
pub(super) fn enum_values(type_name: &str) -> Option<Vec<String>> {
    let list = type_name.strip_prefix("enum(").or_else(|| type_name.strip_prefix("ENUM("))?;
    // As `information_schema` writes it: a quote is doubled, a backslash is one.
    let syntax = Syntax { backslash_escapes: false, ..Syntax::of(Dialect::Mysql) };
    let strings = lex(list, syntax).into_iter().filter(|token| token.kind == TokenKind::String);
    let value = |text: &str| {
        text.strip_prefix('\'')?.strip_suffix('\'').map(|inner| inner.replace("''", "'"))
    };
    strings.map(|token| value(&list[token.span.range()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_an_enum() {
        let check = |text: &str, expected: &[&str]| {
            let expected = expected.iter().map(|&value| value.to_owned()).collect();
            assert_eq!(enum_values(text), Some(expected), "{text}");
        };
        check("enum('a','b')", &["a", "b"]);
        check("enum('it''s','a,b',')')", &["it's", "a,b", ")"]);
        check("enum('a\\b')", &["a\\b"]);
        assert_eq!(enum_values("varchar(3)"), None);
    }
}
