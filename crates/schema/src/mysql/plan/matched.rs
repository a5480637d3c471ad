//! Objects of two catalogs, by name.

use std::collections::{BTreeMap, BTreeSet};

/// What is only before, in both, and only after; each in its own order.
pub(super) struct Matched<'a, T> {
    pub(super) gone: Vec<&'a T>,
    pub(super) both: Vec<(&'a T, &'a T)>,
    pub(super) new: Vec<&'a T>,
}

/// Pairs objects whose keys are equal.
pub(super) fn matched<'a, T, K: Ord>(
    from: &'a [T],
    to: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> Matched<'a, T> {
    let old: BTreeMap<K, &T> = from.iter().map(|one| (key(one), one)).collect();
    let kept: BTreeSet<K> = to.iter().map(&key).collect();
    Matched {
        gone: from.iter().filter(|one| !kept.contains(&key(one))).collect(),
        both: to.iter().filter_map(|one| Some((*old.get(&key(one))?, one))).collect(),
        new: to.iter().filter(|one| !old.contains_key(&key(one))).collect(),
    }
}
