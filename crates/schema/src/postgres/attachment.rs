//! Whose partition a table is.

use super::change::{Change, Site};
use super::{Name, hazards};
use crate::Step;

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let table = site.to.tables.get(name);
    let Some(part) = table.and_then(|table| table.partition_of.as_ref()) else { return Vec::new() };
    let sql = format!("ALTER TABLE {}\n    ATTACH PARTITION {name} {}", part.parent, part.bound);
    let step = Step::new(sql);
    if site.makes_relation(name) {
        return vec![step];
    }
    let object = name.plain();
    let fails =
        hazards::fails(&object, "fails where a row is outside the partition's bounds", None);
    let text = "reads the table; nobody reads or writes it meanwhile (ACCESS EXCLUSIVE)";
    vec![step.hazard(fails).hazard(hazards::lock(&object, text, name))]
}

/// The statements that drop one of the source.
pub(super) fn drop(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let table = site.from.tables.get(name);
    let Some(part) = table.and_then(|table| table.partition_of.as_ref()) else { return Vec::new() };
    vec![Step::new(format!("ALTER TABLE {}\n    DETACH PARTITION {name}", part.parent))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (Some(from), Some(to)) = (site.from.tables.get(name), site.to.tables.get(name)) else {
        return Change::Same;
    };
    if from.partition_of == to.partition_of { Change::Same } else { Change::Recreate }
}
