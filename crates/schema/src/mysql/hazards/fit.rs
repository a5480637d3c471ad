//! Whether the values of a column still fit when its type or its collation changes.

use super::types::Type;
use crate::mysql::{Column, write};

/// Bytes of the longest character of any character set.
const CHARACTER_BYTES_MAX: u64 = 4;
/// Characters of the longest whole number, and of the longest moment.
const SHOWN_MAX_CHARS: u64 = 26;

/// What becomes of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// All are kept.
    All,
    /// Those for which the condition holds do not fit.
    Unless(String),
    /// Each is converted; which are kept only the server knows.
    Converted,
}

/// How the values of a column fit another type.
pub(super) fn fit(from: &Column, to: &Column) -> Fit {
    let value = write::name(&from.name);
    match of_types(&value, &Type::read(&from.data_type), &Type::read(&to.data_type)) {
        Fit::All => of_charsets(&value, from, to),
        other => other,
    }
}

fn of_types(value: &str, from: &Type, to: &Type) -> Fit {
    let unless =
        |fits: bool, condition: String| if fits { Fit::All } else { Fit::Unless(condition) };
    match (from, to) {
        (from, to) if from == to => Fit::All,
        (Type::Integer(least, most), Type::Integer(low, high)) => {
            let condition = format!("{value} < {low} OR {value} > {high}");
            unless(low <= least && most <= high, condition)
        }
        (Type::Decimal(before, behind), Type::Decimal(whole, fraction)) => {
            let (all, fits) = (whole + fraction, before <= whole && behind <= fraction);
            unless(fits, format!("{value} <> CAST({value} AS DECIMAL({all},{fraction}))"))
        }
        (Type::Float(old), Type::Float(new)) if old <= new => Fit::All,
        (Type::Chars(old) | Type::Text(old), Type::Chars(new)) => {
            let fits = old <= new && matches!(from, Type::Chars(_));
            unless(fits, format!("char_length({value}) > {new}"))
        }
        (Type::Chars(old), Type::Text(new)) => {
            let fits = old.saturating_mul(CHARACTER_BYTES_MAX) <= *new;
            unless(fits, format!("length({value}) > {new}"))
        }
        (Type::Text(old), Type::Text(new)) | (Type::Bytes(old), Type::Bytes(new)) => {
            unless(old <= new, format!("length({value}) > {new}"))
        }
        (Type::Enum(old), Type::Enum(new)) => {
            let gone: Vec<&str> = without(old, new);
            unless(gone.is_empty(), format!("{value} IN ({})", gone.join(", ")))
        }
        (Type::Set(old), Type::Set(new)) => {
            let gone = without(old, new);
            let each = gone.iter().map(|one| format!("FIND_IN_SET({one}, {value})"));
            unless(gone.is_empty(), each.collect::<Vec<_>>().join(" OR "))
        }
        (Type::Moment(old, behind), Type::Moment(new, fraction)) if old == new => {
            unless(behind <= fraction, format!("MICROSECOND({value}) <> 0"))
        }
        (Type::Date, Type::Moment(kind, _)) if kind == "datetime" => Fit::All,
        (
            Type::Integer(..) | Type::Date | Type::Moment(..),
            Type::Chars(length) | Type::Text(length),
        ) if *length >= SHOWN_MAX_CHARS => Fit::All,
        _ => Fit::Converted,
    }
}

fn without<'a>(old: &'a [String], new: &[String]) -> Vec<&'a str> {
    old.iter().filter(|one| !new.contains(one)).map(String::as_str).collect()
}

/// Every character of every character set is in utf8mb4.
fn of_charsets(value: &str, from: &Column, to: &Column) -> Fit {
    let (Some(old), Some(new)) = (&from.collation, &to.collation) else { return Fit::All };
    let (old, new) = (charset(old), charset(new));
    if old == new || new == "utf8mb4" {
        return Fit::All;
    }
    Fit::Unless(format!(
        "BINARY {value} <> BINARY CONVERT(CONVERT({value} USING {new}) USING {old})"
    ))
}

/// The character set of a collation.
pub(super) fn charset(collation: &str) -> &str {
    collation.split_once('_').map_or(collation, |(charset, _)| charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expected: &str) {
        let column = |text: &str| {
            let (data_type, collation) = text.split_once(" / ").unwrap_or((text, ""));
            Column {
                name: "a".to_owned(),
                data_type: data_type.to_owned(),
                collation: (!collation.is_empty()).then(|| collation.to_owned()),
                ..Column::default()
            }
        };
        let shown = match fit(&column(from), &column(to)) {
            Fit::All => "all".to_owned(),
            Fit::Converted => "converted".to_owned(),
            Fit::Unless(condition) => condition,
        };
        assert_eq!(shown, expected, "{from} {to}");
    }

    #[test]
    fn values_that_do_not_fit_are_told() {
        check("int(11)", "bigint(20)", "all");
        check("int(11)", "int(11) unsigned", "a < 0 OR a > 4294967295");
        check("varchar(20)", "varchar(10)", "char_length(a) > 10");
        check("varchar(20)", "text", "all");
        check("text", "varchar(100)", "char_length(a) > 100");
        check("longtext", "text", "length(a) > 65535");
        check("enum('a','b')", "enum('b','c')", "a IN ('a')");
        check("set('a','b')", "set('b')", "FIND_IN_SET('a', a)");
        check("decimal(10,2)", "decimal(10,1)", "a <> CAST(a AS DECIMAL(10,1))");
        check("datetime(6)", "datetime", "MICROSECOND(a) <> 0");
        check("varchar(9)", "int(11)", "converted");
        check("double", "int(11)", "converted");
        check("int(11)", "varchar(40)", "all");
        check("char(9) / latin1_bin", "char(9) / utf8mb4_bin", "all");
        check("char(9) / latin1_bin", "char(9) / latin1_swedish_ci", "all");
        check("char(9) / utf8mb4_bin", "char(9) / latin1_bin", {
            "BINARY a <> BINARY CONVERT(CONVERT(a USING latin1) USING utf8mb4)"
        });
    }
}
