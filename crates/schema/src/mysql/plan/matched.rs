//! Objects of two catalogs, by name.

/// What is only before, in both, and only after; each in its own order.
pub(super) struct Matched<'a, T> {
    pub(super) gone: Vec<&'a T>,
    pub(super) both: Vec<(&'a T, &'a T)>,
    pub(super) new: Vec<&'a T>,
}

/// Pairs objects whose keys are equal.
pub(super) fn matched<'a, T, K: PartialEq>(
    from: &'a [T],
    to: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> Matched<'a, T> {
    let find = |list: &'a [T], one: &'a T| list.iter().find(|other| key(other) == key(one));
    Matched {
        gone: from.iter().filter(|one| find(to, one).is_none()).collect(),
        both: to.iter().filter_map(|one| Some((find(from, one)?, one))).collect(),
        new: to.iter().filter(|one| find(from, one).is_none()).collect(),
    }
}
