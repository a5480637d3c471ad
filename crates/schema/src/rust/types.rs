//! The Rust type of a SQL type.

use xtask_db_sql::Dialect;

use super::{Options, Time, mysql, postgres, sqlite};

/// Dates and times of one crate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) date: &'static str,
    pub(super) time: &'static str,
    /// Without a zone.
    pub(super) local: &'static str,
    /// A point in time.
    pub(super) instant: &'static str,
}

const TIME: Clock = Clock {
    date: "time::Date",
    time: "time::Time",
    local: "time::PrimitiveDateTime",
    instant: "time::OffsetDateTime",
};
const CHRONO: Clock = Clock {
    date: "chrono::NaiveDate",
    time: "chrono::NaiveTime",
    local: "chrono::NaiveDateTime",
    instant: "chrono::DateTime<chrono::Utc>",
};

/// The type without `Option`; none when there is none that is sure.
/// `named` gives the Rust name of an enum type.
pub(super) fn of(
    dialect: Dialect,
    type_name: &str,
    options: &Options,
    named: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let clock = match options.time {
        Time::Time => TIME,
        Time::Chrono => CHRONO,
    };
    let told = |name: &str| options.types.get(name).cloned().or_else(|| named(name));
    match dialect {
        Dialect::Postgres => postgres::of(type_name, clock, &told),
        Dialect::Mysql => told(type_name).or_else(|| mysql::of(type_name, clock)),
        Dialect::Sqlite => told(type_name).or_else(|| sqlite::of(type_name, clock)),
    }
}

/// `numeric(10,2)` without what is in the parentheses: `numeric`; `timestamp(3) with time zone`
/// keeps its end.
pub(super) fn bare(type_name: &str) -> String {
    let lower = type_name.to_lowercase();
    match (lower.find('('), lower.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", lower[..open].trim_end(), &lower[close + 1..]).trim().to_owned()
        }
        _ => lower.trim().to_owned(),
    }
}
