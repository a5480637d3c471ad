//! Of whole tables.

use crate::mysql::{Table, write};
use crate::{Hazard, HazardKind};

/// Its rows go with it.
pub(crate) fn table_dropped(table: &Table) -> Hazard {
    Hazard {
        kind: HazardKind::DataLoss,
        object: table.name.clone(),
        text: "the table is dropped with its rows".to_owned(),
        probe: Some(count(&table.name, None)),
    }
}

/// How many rows there are, of those that fulfil a condition.
pub(super) fn count(table: &str, condition: Option<&str>) -> String {
    let mut sql = format!("SELECT count(*) FROM {}", write::name(table));
    if let Some(condition) = condition {
        sql.push_str(" WHERE ");
        sql.push_str(condition);
    }
    sql
}
