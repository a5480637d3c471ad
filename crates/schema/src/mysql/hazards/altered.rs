//! Of one `ALTER TABLE`.

use super::rewrite::{self, Cost};
use super::table::count;
use super::{column, keys};
use crate::mysql::plan::ColumnChange;
use crate::mysql::{Check, Key, Table};
use crate::{Hazard, HazardKind};

/// What its clauses may lose or fail at, and what it costs as a whole.
pub(crate) fn altered(
    from: &Table,
    to: &Table,
    columns: &[ColumnChange<'_>],
    new_keys: &[&Key],
    new_checks: &[&Check],
    partitions: bool,
) -> Vec<Hazard> {
    let mut found: Vec<Hazard> =
        columns.iter().flat_map(|change| column::of_column(from, *change)).collect();
    found.extend(new_keys.iter().filter_map(|key| keys::unique_added(from, to, key)));
    found.extend(new_checks.iter().filter_map(|check| keys::check_added(from, to, check)));
    if from.versioned && !to.versioned {
        found.push(Hazard {
            kind: HazardKind::DataLoss,
            object: to.name.clone(),
            text: "the history of the rows goes with the versioning".to_owned(),
            probe: Some(count(&format!("{}", from.name), None)),
        });
    }
    let costs = columns.iter().map(|change| rewrite::of_column(*change));
    let costs = costs
        .chain(new_keys.iter().map(|key| rewrite::of_key(key)))
        .chain(new_checks.iter().map(|_| Cost::Copied))
        .chain([rewrite::of_options(from, to)])
        .chain(partitions.then_some(Cost::Copied));
    let cost = costs.max().unwrap_or(Cost::Instant);
    let innodb = from.options.get("ENGINE").is_some_and(|engine| engine == "InnoDB");
    let cost = if innodb || cost == Cost::Instant { cost } else { Cost::Copied };
    found.extend(told(from, cost));
    found
}

fn told(table: &Table, cost: Cost) -> Option<Hazard> {
    let (kind, text) = match cost {
        Cost::Instant | Cost::Online => return None,
        Cost::Shared => (HazardKind::Lock, "writes wait while the index is built (LOCK=SHARED)"),
        Cost::Rebuilt => (HazardKind::Rewrite, "the table is rebuilt in place; others go on"),
        Cost::Copied => {
            (HazardKind::Rewrite, "the table is copied; writes wait meanwhile (LOCK=SHARED)")
        }
    };
    let probe = Some(count(&table.name, None));
    Some(Hazard { kind, object: table.name.clone(), text: text.to_owned(), probe })
}
