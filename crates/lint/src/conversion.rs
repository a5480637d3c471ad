//! What a change of a column's type does to its values, and what it costs.

use crate::Servers;
use crate::read::Type;
use crate::scene::Scene;

/// What a change of type does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// Nothing is written: only the catalog changes.
    Free,
    /// Each row is written again, its value kept.
    Rewrite,
    /// Each row is written again; values may be cut, rounded or refused.
    Lossy,
    /// PostgreSQL has no cast that applies by itself.
    NoCast,
}

const INTEGERS: [&str; 4] = ["smallint", "integer", "bigint", "mediumint"];
const TEXTS: [&str; 3] = ["text", "character varying", "citext"];

/// The conversion on the scene's server; none when nothing is known of it.
pub(crate) fn conversion(scene: &Scene<'_>, from: &Type, to: &Type) -> Option<Conversion> {
    if from.same(to) {
        return Some(Conversion::Free);
    }
    if scene.is(Servers::P) { Some(postgres(from, to)) } else { mysql(from, to) }
}

fn postgres(from: &Type, to: &Type) -> Conversion {
    use Conversion::{Free, Lossy, NoCast, Rewrite};
    if from.array != to.array {
        return NoCast;
    }
    let (source, target) = (from.base.as_str(), to.base.as_str());
    match (source, target) {
        _ if TEXTS.contains(&source) && TEXTS.contains(&target) => text(from, to),
        ("character", _) if TEXTS.contains(&target) => Rewrite,
        (_, "character") if TEXTS.contains(&source) => Lossy,
        ("numeric", "numeric") => numeric(from, to),
        ("cidr", "inet") => Free,
        ("bit varying", "bit varying") => text(from, to),
        _ if is_time(source) && source == target => {
            if to.length().is_none_or(|to| from.length().is_some_and(|from| to >= from)) {
                Free
            } else {
                Lossy
            }
        }
        ("timestamp", "timestamp with time zone") | ("timestamp with time zone", "timestamp") => {
            Rewrite
        }
        ("date", "timestamp" | "timestamp with time zone") => Rewrite,
        ("timestamp" | "timestamp with time zone", "date" | "time") => Lossy,
        _ if rank(source).is_some() && rank(target).is_some() => number(source, target),
        ("json", "jsonb") | ("jsonb", "json") => Rewrite,
        _ if TEXTS.contains(&target) => Rewrite,
        _ => NoCast,
    }
}

/// Longer is free; shorter looks at each value, and refuses what does not fit.
fn text(from: &Type, to: &Type) -> Conversion {
    match (from.length(), to.length()) {
        (_, None) => Conversion::Free,
        (Some(from), Some(to)) if to >= from => Conversion::Free,
        _ => Conversion::Lossy,
    }
}

fn numeric(from: &Type, to: &Type) -> Conversion {
    let (Some(old), Some(new)) = (from.length(), to.length()) else {
        return if to.length().is_none() { Conversion::Free } else { Conversion::Lossy };
    };
    let (old_scale, new_scale) = (from.scale(), to.scale());
    let whole = |digits: u32, scale: u32| digits.saturating_sub(scale);
    if new_scale == old_scale && new >= old {
        Conversion::Free
    } else if new_scale >= old_scale && whole(new, new_scale) >= whole(old, old_scale) {
        Conversion::Rewrite
    } else {
        Conversion::Lossy
    }
}

fn is_time(base: &str) -> bool {
    base.starts_with("timestamp") || base.starts_with("time") || base == "interval"
}

/// Numbers from narrow to wide: a value of one fits into all that follow it.
fn rank(base: &str) -> Option<usize> {
    const ORDER: [&str; 7] =
        ["smallint", "mediumint", "integer", "bigint", "real", "double precision", "numeric"];
    ORDER.iter().position(|one| *one == base)
}

/// A float keeps integers up to 24 bits, a double up to 53.
fn number(from: &str, to: &str) -> Conversion {
    let exact = match to {
        "real" => matches!(from, "smallint" | "mediumint"),
        "double precision" => matches!(from, "smallint" | "mediumint" | "integer" | "real"),
        "numeric" => INTEGERS.contains(&from),
        _ => true,
    };
    if rank(to) > rank(from) && exact { Conversion::Rewrite } else { Conversion::Lossy }
}

fn mysql(from: &Type, to: &Type) -> Option<Conversion> {
    use Conversion::{Free, Lossy, Rewrite};
    let (source, target) = (from.base.as_str(), to.base.as_str());
    if let (Some(old), Some(new)) = (from.values(), to.values())
        && source == target
    {
        // what is lost is L09's, what is moved is K23's
        return Some(if new.starts_with(&old) { Free } else { Rewrite });
    }
    // a display width changes nothing
    let display = INTEGERS.contains(&source) || matches!(source, "tinyint" | "year");
    if source == target && display && from.unsigned == to.unsigned {
        return Some(Free);
    }
    Some(match (source, target) {
        ("character varying" | "varbinary", _) if source == target => {
            if to.length() >= from.length() { Free } else { Lossy }
        }
        ("character", "character") => {
            if to.length() >= from.length() {
                Rewrite
            } else {
                Lossy
            }
        }
        ("numeric", "numeric") => match numeric(from, to) {
            Free => Rewrite,
            other => other,
        },
        ("tinyint", _) if INTEGERS.contains(&target) && from.unsigned == to.unsigned => Rewrite,
        _ if rank(source).is_some() && rank(target).is_some() => {
            if from.unsigned == to.unsigned {
                number(source, target)
            } else {
                Lossy
            }
        }
        (_, "text" | "mediumtext" | "longtext") if source != "longtext" => Rewrite,
        ("date", "datetime") => Rewrite,
        ("timestamp", "datetime") | ("datetime", "timestamp") => Lossy,
        _ => Lossy,
    })
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    fn check(convert: fn(&Type, &Type) -> Option<Conversion>, dialect: Dialect, row: &str) {
        let mut parts = row.split(" > ");
        let mut ty = || Type::parse(parts.next().expect("a type"), dialect).expect("a type");
        let (from, to) = (ty(), ty());
        let expected = parts.next().expect("a conversion");
        assert_eq!(format!("{:?}", convert(&from, &to).expect("known")), expected, "{row}");
    }

    #[test]
    fn on_postgres() {
        let rows = [
            "varchar(10) > varchar(20) > Free",
            "varchar(20) > varchar(10) > Lossy",
            "varchar(20) > text > Free",
            "text > varchar(20) > Lossy",
            "char(3) > text > Rewrite",
            "numeric(10,2) > numeric(12,2) > Free",
            "numeric(10,2) > numeric(12,4) > Rewrite",
            "numeric(10,2) > numeric(10,4) > Lossy",
            "numeric(10,2) > numeric > Free",
            "int > bigint > Rewrite",
            "bigint > int > Lossy",
            "bigint > double precision > Lossy",
            "int > double precision > Rewrite",
            "int > real > Lossy",
            "int > numeric > Rewrite",
            "int > text > Rewrite",
            "text > int > NoCast",
            "text > text[] > NoCast",
            "timestamp > timestamptz > Rewrite",
            "timestamp(3) > timestamp(6) > Free",
            "timestamp > date > Lossy",
            "cidr > inet > Free",
            "json > jsonb > Rewrite",
        ];
        for row in rows {
            check(|from, to| Some(postgres(from, to)), Dialect::Postgres, row);
        }
    }

    #[test]
    fn on_mysql() {
        let rows = [
            "varchar(10) > varchar(20) > Free",
            "varchar(20) > varchar(10) > Lossy",
            "int(11) > int > Free",
            "int > bigint > Rewrite",
            "int > int unsigned > Lossy",
            "text > varchar(10) > Lossy",
            "decimal(5,2) > decimal(7,2) > Rewrite",
            "enum('a','b') > enum('a','b','c') > Free",
            "enum('a','b') > enum('b','a') > Rewrite",
        ];
        for row in rows {
            check(mysql, Dialect::Mysql, row);
        }
    }
}
