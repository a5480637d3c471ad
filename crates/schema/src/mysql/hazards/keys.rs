//! Of keys, foreign keys and checks that rows may not fulfil.

use super::table::count;
use crate::mysql::{Catalog, Check, ForeignKey, Key, Table, write};
use crate::{Hazard, HazardKind};

/// A new unique key; its probe counts the values that are there more than once.
pub(super) fn unique_added(from: &Table, to: &Table, key: &Key) -> Option<Hazard> {
    let held = |old: &&Key| {
        old.is_unique() && old.whole && old.columns.iter().all(|one| key.columns.contains(one))
    };
    if !key.is_unique() || (key.whole && from.keys.iter().any(|old| held(&old))) {
        return None;
    }
    let old = key.whole && key.columns.iter().all(|column| from.column(column).is_some());
    let given: Vec<String> =
        key.columns.iter().map(|column| format!("{} IS NOT NULL", write::name(column))).collect();
    let probe = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1) repeated",
        write::name(&from.name),
        given.join(" AND "),
        write::names(&key.columns)
    );
    Some(Hazard {
        kind: HazardKind::Unexecutable,
        object: format!("{}.{}", to.name, key.name),
        text: "fails when two rows are equal in it".to_owned(),
        probe: old.then_some(probe),
    })
}

/// A new check; its probe counts the rows that do not fulfil it.
pub(super) fn check_added(from: &Table, to: &Table, check: &Check) -> Option<Hazard> {
    if check.options.contains("NOT ENFORCED") {
        return None;
    }
    let same_columns = from.columns.iter().zip(&to.columns).all(|(a, b)| a == b);
    let condition = format!("NOT ({})", check.condition);
    Some(Hazard {
        kind: HazardKind::Unexecutable,
        object: format!("{}.{}", to.name, check.name),
        text: "fails when a row does not fulfil it".to_owned(),
        probe: (same_columns && from.columns.len() == to.columns.len())
            .then(|| count(&from.name, Some(&condition))),
    })
}

/// A foreign key that is added: every row is checked, and the rows that refer to nothing are
/// counted by its probe. `again`: it held before.
pub(crate) fn foreign_key_added(
    from: &Catalog,
    table: &str,
    key: &ForeignKey,
    again: bool,
) -> Vec<Hazard> {
    let object = format!("{table}.{}", key.name);
    let lock = Hazard {
        kind: HazardKind::Lock,
        object: object.clone(),
        text: "the table is copied to check every row: writes wait (LOCK=SHARED)".to_owned(),
        probe: from.table(table).map(|_| count(table, None)),
    };
    if again {
        return vec![lock];
    }
    let Some(old) = from.table(table) else { return Vec::new() };
    let orphans = Hazard {
        kind: HazardKind::Unexecutable,
        object,
        text: "fails when a row refers to nothing".to_owned(),
        probe: orphans(from, old, key),
    };
    vec![orphans, lock]
}

fn orphans(from: &Catalog, table: &Table, key: &ForeignKey) -> Option<String> {
    let parent = from.table(&key.table).filter(|_| key.schema.is_none())?;
    let there = |table: &Table, columns: &[String]| {
        columns.iter().all(|column| table.column(column).is_some())
    };
    if !there(table, &key.columns) || !there(parent, &key.referenced) {
        return None;
    }
    let pairs = key.columns.iter().zip(&key.referenced);
    let joined: Vec<String> = pairs
        .map(|(own, other)| format!("parent.{} = child.{}", write::name(other), write::name(own)))
        .collect();
    let given: Vec<String> =
        key.columns.iter().map(|one| format!("child.{} IS NOT NULL", write::name(one))).collect();
    Some(format!(
        "SELECT count(*) FROM {} child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} parent WHERE {})",
        write::name(&table.name),
        given.join(" AND "),
        write::name(&parent.name),
        joined.join(" AND ")
    ))
}
