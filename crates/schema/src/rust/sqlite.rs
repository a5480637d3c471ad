//! SQLite: declared types by their name where sqlx knows it, else by affinity
//! (<https://www.sqlite.org/datatype3.html>, section 3.1).

use super::types::{Clock, bare};

/// The type. A column without a declared type may hold anything, so it has none.
pub(super) fn of(type_name: &str, clock: Clock) -> Option<String> {
    let name = bare(type_name);
    let rust = match name.as_str() {
        "" | "any" => return None,
        "boolean" | "bool" => "bool",
        "date" => clock.date,
        "time" => clock.time,
        "datetime" | "timestamp" => clock.local,
        "json" => "serde_json::Value",
        name if name.contains("int") => "i64",
        name if ["char", "clob", "text"].iter().any(|text| name.contains(text)) => "String",
        name if name.contains("blob") => "Vec<u8>",
        name if ["real", "floa", "doub", "numeric", "decimal"]
            .iter()
            .any(|it| name.contains(it)) =>
        {
            "f64"
        }
        _ => return None,
    };
    Some(rust.to_owned())
}
