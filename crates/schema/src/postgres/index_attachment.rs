//! Indexes that are a part of a partitioned index.

use super::absorb::derived;
use super::change::{Change, Site};
use super::{Name, Object};
use crate::Step;

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let whole = site.to.indexes.get(name).and_then(|index| index.part_of.as_ref());
    let attach = |whole| Step::new(format!("ALTER INDEX {whole}\n    ATTACH PARTITION {name}"));
    whole.map(attach).into_iter().collect()
}

/// No statement takes one away but what drops the index or detaches its table.
pub(super) fn drop(_site: &Site<'_>, _name: &Name) -> Vec<Step> {
    Vec::new()
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let (Some(from), Some(to)) = (site.from.indexes.get(name), site.to.indexes.get(name)) else {
        return Change::Same;
    };
    let detached = site.from.tables.get(&from.table).map(|table| &table.partition_of)
        != site.to.tables.get(&to.table).map(|table| &table.partition_of);
    if from.part_of == to.part_of || detached { Change::Same } else { Change::Recreate }
}

/// What attaches an index by itself when the plan makes it: the attachment of its table, or the
/// whole index.
pub(super) fn comes_with(site: &Site<'_>, name: &Name) -> Option<Object> {
    let index = site.to.indexes.get(name)?;
    let attachment = Object::Attachment(index.table.clone());
    let whole = Object::Index(index.part_of.clone()?);
    let valid = site.to.indexes.get(index.part_of.as_ref()?).is_some_and(|whole| whole.valid);
    match () {
        // Its table is one from the start.
        () if derived(site, &index.table) => Some(Object::Index(name.clone())),
        () if site.makes(&attachment) => Some(attachment),
        () if valid && site.makes(&whole) => Some(whole),
        () => None,
    }
}
