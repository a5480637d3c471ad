//! PostgreSQL: what sqlx's driver reads each type as.

use super::types::{Clock, bare};

/// The type; arrays are vectors. `told` knows types of the application.
pub(super) fn of(
    type_name: &str,
    clock: Clock,
    told: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    if let Some(element) = type_name.strip_suffix("[]") {
        // sqlx has no arrays of arrays: PostgreSQL's type does not tell them apart.
        let element = of(element.trim_end_matches("[]"), clock, told)?;
        return Some(format!("Vec<{element}>"));
    }
    if let Some(told) = told(type_name) {
        return Some(told);
    }
    let rust = match bare(type_name).as_str() {
        "boolean" => "bool",
        "\"char\"" => "i8",
        "smallint" => "i16",
        "integer" => "i32",
        "bigint" => "i64",
        "real" => "f32",
        "double precision" => "f64",
        "numeric" => "rust_decimal::Decimal",
        "text" | "character varying" | "character" | "name" | "citext" | "bpchar" => "String",
        "bytea" => "Vec<u8>",
        "uuid" => "uuid::Uuid",
        "json" | "jsonb" => "serde_json::Value",
        "date" => clock.date,
        "time without time zone" => clock.time,
        "timestamp without time zone" => clock.local,
        "timestamp with time zone" => clock.instant,
        "interval" => "sqlx::postgres::types::PgInterval",
        "money" => "sqlx::postgres::types::PgMoney",
        "oid" => "sqlx::postgres::types::Oid",
        "hstore" => "sqlx::postgres::types::PgHstore",
        "ltree" => "sqlx::postgres::types::PgLTree",
        "lquery" => "sqlx::postgres::types::PgLQuery",
        "point" => "sqlx::postgres::types::PgPoint",
        "inet" | "cidr" => "ipnetwork::IpNetwork",
        "macaddr" => "mac_address::MacAddress",
        "bit" | "bit varying" => "bit_vec::BitVec",
        "int4range" => "sqlx::postgres::types::PgRange<i32>",
        "int8range" => "sqlx::postgres::types::PgRange<i64>",
        "numrange" => "sqlx::postgres::types::PgRange<rust_decimal::Decimal>",
        "daterange" => return Some(range(clock.date)),
        "tsrange" => return Some(range(clock.local)),
        "tstzrange" => return Some(range(clock.instant)),
        _ => return None,
    };
    Some(rust.to_owned())
}

fn range(of: &str) -> String {
    format!("sqlx::postgres::types::PgRange<{of}>")
}
