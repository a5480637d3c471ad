//! Whether a table is written again, and who waits meanwhile.
//!
//! MySQL 8, "Online DDL Operations"; MariaDB, "InnoDB Online DDL Operations". Where the two differ
//! the slower one is told. Other engines always copy.

use super::fit::{Fit, fit};
use crate::mysql::plan::ColumnChange;
use crate::mysql::{Column, Generated, Key, KeyKind, Table};

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

/// The cost of one change of a column.
pub(super) fn of_column(change: ColumnChange<'_>) -> Cost {
    let stored = |column: &Column| column.generated == Some(Generated::Stored);
    match change {
        ColumnChange::Added(column) | ColumnChange::Again(_, column) if stored(column) => {
            Cost::Copied
        }
        ColumnChange::Again(..) => Cost::Rebuilt,
        ColumnChange::Added(column) if column.auto_increment => Cost::Copied,
        ColumnChange::Added(_) => Cost::Instant,
        ColumnChange::Dropped(column) if column.generated == Some(Generated::Virtual) => {
            Cost::Instant
        }
        ColumnChange::Dropped(_) => Cost::Rebuilt,
        ColumnChange::Changed(from, to) => of_change(from, to),
    }
}

fn of_change(from: &Column, to: &Column) -> Cost {
    let written = |column: &Column| {
        (
            column.data_type.clone(),
            column.collation.clone(),
            column.generated,
            column.auto_increment,
        )
    };
    if written(from) == written(to) {
        // The order, the default, the comment; or NOT NULL.
        let expression = from.generated.is_some() && from.attributes != to.attributes;
        return match (expression, from.nullable == to.nullable) {
            (true, _) => Cost::Copied,
            (_, true) => Cost::Instant,
            (_, false) => Cost::Rebuilt,
        };
    }
    let grows = fit(from, to) == Fit::All
        && from.collation == to.collation
        && from.generated == to.generated
        && ["varchar", "varbinary", "enum", "set"]
            .iter()
            .any(|kind| from.data_type.starts_with(kind) && to.data_type.starts_with(kind))
        && !(from.data_type.starts_with(['e', 's']) && !is_start(&from.data_type, &to.data_type));
    if grows { Cost::Instant } else { Cost::Copied }
}

/// New values of an enum stand behind the old ones.
fn is_start(old: &str, new: &str) -> bool {
    old.strip_suffix(')').is_some_and(|start| new.starts_with(start))
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
    const CHEAP: [&str; 7] = [
        "COMMENT",
        "MAX_ROWS",
        "MIN_ROWS",
        "AVG_ROW_LENGTH",
        "STATS_PERSISTENT",
        "STATS_AUTO_RECALC",
        "STATS_SAMPLE_PAGES",
    ];
    let all = from.options.keys().chain(to.options.keys());
    let mut changed = all.filter(|name| from.options.get(*name) != to.options.get(*name));
    if from.versioned != to.versioned {
        return Cost::Copied;
    }
    match changed.all(|name| CHEAP.contains(&name.as_str())) {
        true => Cost::Instant,
        false if from.options.get("ENGINE") == to.options.get("ENGINE") => Cost::Rebuilt,
        false => Cost::Copied,
    }
}
