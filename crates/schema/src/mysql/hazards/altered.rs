//! Of one `ALTER TABLE`.

use super::rewrite::{self, Cost};
use super::table::count;
use super::{column, keys};
use crate::mysql::plan::ColumnChange;
use crate::mysql::{Check, Flavor, Key, KeyKind, Table};
use crate::{Hazard, HazardKind};

/// What one statement does to a table.
pub(crate) struct Altered<'a> {
    pub(crate) from: &'a Table,
    pub(crate) to: &'a Table,
    pub(crate) flavor: Flavor,
    pub(crate) columns: Vec<ColumnChange<'a>>,
    pub(crate) gone_keys: &'a [&'a Key],
    pub(crate) new_keys: &'a [&'a Key],
    pub(crate) new_checks: &'a [&'a Check],
    /// Its rows are put into other partitions.
    pub(crate) partitions: bool,
}

impl Altered<'_> {
    /// What its clauses may lose or fail at, and what it costs as a whole.
    pub(crate) fn hazards(&self) -> Vec<Hazard> {
        let (from, to) = (self.from, self.to);
        let columns = self.columns.iter().flat_map(|change| column::of_column(from, *change));
        let mut found: Vec<Hazard> = columns.collect();
        found.extend(self.new_keys.iter().filter_map(|key| keys::unique_added(from, to, key)));
        found.extend(self.new_checks.iter().filter_map(|one| keys::check_added(from, to, one)));
        if from.versioned && !to.versioned {
            found.push(Hazard {
                kind: HazardKind::DataLoss,
                object: to.name.clone(),
                text: "the history of the rows goes with the versioning".to_owned(),
                probe: Some(count(&from.name, None)),
            });
        }
        let listed = to.partitioning.as_ref().is_some_and(|text| text.contains("VALUES"));
        if self.partitions && listed {
            found.push(Hazard {
                kind: HazardKind::Unexecutable,
                object: to.name.clone(),
                text: "fails when a row belongs to no partition".to_owned(),
                probe: None,
            });
        }
        found.extend(told(from, self.cost()));
        found
    }

    fn cost(&self) -> Cost {
        let primary = |keys: &[&Key]| keys.iter().any(|key| key.kind == KeyKind::Primary);
        let without_key = primary(self.gone_keys) && !primary(self.new_keys);
        let columns = self.columns.iter().map(|change| rewrite::of_column(*change, self.flavor));
        let all = columns
            .chain(self.new_keys.iter().map(|key| rewrite::of_key(key)))
            .chain(self.new_checks.iter().map(|_| Cost::Copied))
            .chain([rewrite::of_options(self.from, self.to)])
            .chain((self.partitions || without_key).then_some(Cost::Copied));
        let cost = all.max().unwrap_or(Cost::Instant);
        let innodb = self.from.options.get("ENGINE").is_some_and(|engine| engine == "InnoDB");
        if innodb || cost == Cost::Instant { cost } else { Cost::Copied }
    }
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
