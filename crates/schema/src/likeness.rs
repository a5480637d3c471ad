//! How alike two objects are, for guessing renames, of 100.

use std::cmp::Reverse;
use std::collections::BTreeSet;

/// What is less alike is not guessed: a wrong rename loses data too.
pub(crate) const LIKENESS_MIN: u32 = 60;

/// How many pairs of neighbouring letters two names share, of 100. Case does not count.
pub(crate) fn names(a: &str, b: &str) -> u32 {
    let letters = |name: &str| {
        let letters: Vec<char> =
            name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    };
    let (a, mut b) = (letters(a), letters(b));
    let all = a.len() + b.len();
    let mut shared = 0;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            shared += 2;
        }
    }
    percent(shared, all)
}

/// A part of a whole; of nothing: none.
pub(crate) fn percent(part: usize, all: usize) -> u32 {
    let percent = (part * 100).checked_div(all).unwrap_or_default();
    u32::try_from(percent).unwrap_or(100)
}

/// The pairs with the greatest likeness in which nothing comes twice.
pub(crate) fn best<K: Ord + Clone>(mut pairs: Vec<(u32, K, K)>) -> Vec<(u8, K, K)> {
    pairs.sort_by_key(|(likeness, ..)| Reverse(*likeness));
    let (mut gone, mut new) = (BTreeSet::new(), BTreeSet::new());
    let mut chosen = Vec::new();
    for (likeness, from, to) in pairs {
        if gone.contains(&from) || new.contains(&to) {
            continue;
        }
        gone.insert(from.clone());
        new.insert(to.clone());
        chosen.push((u8::try_from(likeness).unwrap_or(100), from, to));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_by_their_letters() {
        let check = |a: &str, b: &str, expected: u32| assert_eq!(names(a, b), expected, "{a} {b}");
        check("email", "email", 100);
        check("email", "Mail", 85);
        check("email", "z", 0);
        check("user_id", "userid", 100);
        check("", "", 0);
    }

    #[test]
    fn the_best_pairs_are_chosen_once() {
        let pairs = vec![(60, "a", "x"), (90, "a", "y"), (80, "b", "y"), (70, "b", "x")];
        assert_eq!(best(pairs), [(90, "a", "y"), (70, "b", "x")]);
    }
}
