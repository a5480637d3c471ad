//! Whether a table is written again, and who waits meanwhile.
//!
//! MySQL 8.0, "Online DDL Operations"; MariaDB, "InnoDB Online DDL Operations". What only newer
//! versions of MySQL do at once is told as what the older do. Other engines always copy.

use super::fit::{Fit, charset, fit};
use super::types::Type;
use crate::mysql::plan::ColumnChange;
use crate::mysql::{Column, Flavor, Generated, Key, KeyKind, Table};

/// Lengths up to this are kept in one byte: a longer `varchar` changes every row.
const SHORT_MAX_BYTES: u64 = 255;

/// What a statement costs, from little to much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cost {
    /// Only the catalog changes.
    Instant,
    /// Indexes are built while others read and write.
    Online,
    /// Indexes are built; writes wait.
    Shared,
    /// The table is built again in its place; others read and write.
    Rebuilt,
    /// The table is copied; writes wait.
    Copied,
}

/// The cost of one change of a column. MariaDB drops and moves columns at once since 10.4.
pub(super) fn of_column(change: ColumnChange<'_>, flavor: Flavor) -> Cost {
    let at_once = match flavor {
        Flavor::MariaDb => Cost::Instant,
        Flavor::MySql => Cost::Rebuilt,
    };
    match change {
        ColumnChange::Added(column) | ColumnChange::Again(_, column) => match column.generated {
            Some(Generated::Stored) => Cost::Copied,
            _ if column.auto_increment => Cost::Copied,
            _ if matches!(change, ColumnChange::Again(..)) => at_once,
            _ => Cost::Instant,
        },
        ColumnChange::Dropped(column) => match column.generated {
            Some(Generated::Virtual) => Cost::Instant,
            _ => at_once,
        },
        ColumnChange::Changed(from, to) if from == to => at_once,
        ColumnChange::Changed(from, to) => of_change(from, to).max(at_once),
    }
}

fn of_change(from: &Column, to: &Column) -> Cost {
    let same_values = from.data_type == to.data_type
        && from.collation == to.collation
        && from.auto_increment == to.auto_increment
        && from.generated == to.generated;
    if !same_values {
        return if grows(from, to) { Cost::Instant } else { Cost::Copied };
    }
    if from.generated.is_some() && from.attributes != to.attributes {
        return Cost::Copied;
    }
    // The default and the comment are in the catalog alone.
    if from.nullable == to.nullable { Cost::Instant } else { Cost::Rebuilt }
}

/// The rows that are there are the same in the new type.
fn grows(from: &Column, to: &Column) -> bool {
    let bytes = |length: u64, column: &Column| {
        let widest = match column.collation.as_deref().map(charset) {
            Some("latin1" | "ascii" | "latin2") => 1,
            Some("utf8mb3" | "utf8") => 3,
            _ => 4,
        };
        length.saturating_mul(widest)
    };
    let kept = from.collation == to.collation
        && from.generated == to.generated
        && from.nullable == to.nullable
        && fit(from, to) == Fit::All;
    let varying = |column: &Column| column.data_type.starts_with("varchar");
    kept && match (Type::read(&from.data_type), Type::read(&to.data_type)) {
        (Type::Chars(old), Type::Chars(new)) => {
            let short = |length, column| bytes(length, column) <= SHORT_MAX_BYTES;
            varying(from) && varying(to) && short(old, from) == short(new, to)
        }
        // New values stand behind the old ones.
        (Type::Enum(old), Type::Enum(new)) | (Type::Set(old), Type::Set(new)) => {
            new.starts_with(&old)
        }
        _ => false,
    }
}

/// The cost of a new index.
pub(super) fn of_key(key: &Key) -> Cost {
    match key.kind {
        KeyKind::Primary => Cost::Rebuilt,
        KeyKind::Special(_) => Cost::Shared,
        KeyKind::Unique | KeyKind::Plain => Cost::Online,
    }
}

/// The cost of the table's options.
pub(super) fn of_options(from: &Table, to: &Table) -> Cost {
    const OF_THE_CATALOG: [&str; 7] = [
        "COMMENT",
        "MAX_ROWS",
        "MIN_ROWS",
        "AVG_ROW_LENGTH",
        "STATS_PERSISTENT",
        "STATS_AUTO_RECALC",
        "STATS_SAMPLE_PAGES",
    ];
    let differs = |name: &&String| from.options.get(*name) != to.options.get(*name);
    let mut changed = from.options.keys().chain(to.options.keys()).filter(differs);
    if from.versioned != to.versioned || changed.clone().any(|name| name == "ENGINE") {
        return Cost::Copied;
    }
    let light = changed.all(|name| OF_THE_CATALOG.contains(&name.as_str()));
    if light && from.collation == to.collation { Cost::Instant } else { Cost::Rebuilt }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expected: Cost) {
        let column = |data_type: &str| Column {
            name: "a".to_owned(),
            data_type: data_type.to_owned(),
            collation: Some("utf8mb4_bin".to_owned()),
            ..Column::default()
        };
        assert_eq!(of_change(&column(from), &column(to)), expected, "{from} {to}");
    }

    #[test]
    fn a_type_that_grows_costs_nothing() {
        check("varchar(10)", "varchar(60)", Cost::Instant);
        check("varchar(60)", "varchar(70)", Cost::Copied);
        check("varchar(70)", "varchar(700)", Cost::Instant);
        check("char(10)", "char(20)", Cost::Copied);
        check("int(11)", "bigint(20)", Cost::Copied);
        check("enum('a')", "enum('a','b')", Cost::Instant);
        check("enum('a')", "enum('b','a')", Cost::Copied);
    }
}
