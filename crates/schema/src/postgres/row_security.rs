//! Whether row security is on for a table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Name;
use super::change::{Change, Site};
use crate::Step;

/// Row security of a table for which it is on or forced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSecurity {
    /// Policies count.
    pub enabled: bool,
    /// For the owner too.
    pub forced: bool,
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, table: &Name) -> Vec<Step> {
    steps(table, RowSecurity::default(), of(&site.to.row_security, table))
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, table: &Name) -> Vec<Step> {
    steps(table, of(&site.from.row_security, table), RowSecurity::default())
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, table: &Name) -> Change {
    let (old, new) = (of(&site.from.row_security, table), of(&site.to.row_security, table));
    Change::of(steps(table, old, new))
}

fn of(all: &BTreeMap<Name, RowSecurity>, table: &Name) -> RowSecurity {
    all.get(table).copied().unwrap_or_default()
}

fn steps(table: &Name, old: RowSecurity, new: RowSecurity) -> Vec<Step> {
    let alter = |what: &str| Step::new(format!("ALTER TABLE {table} {what} ROW LEVEL SECURITY"));
    let mut steps = Vec::new();
    if old.enabled != new.enabled {
        steps.push(alter(if new.enabled { "ENABLE" } else { "DISABLE" }));
    }
    if old.forced != new.forced {
        steps.push(alter(if new.forced { "FORCE" } else { "NO FORCE" }));
    }
    steps
}
