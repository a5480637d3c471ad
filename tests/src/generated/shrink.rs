//! The smallest part of a failing pair that still fails.

use std::time::{Duration, Instant};

use super::Schema;

/// How often a smaller pair is tried.
const TRIES_MAX: usize = 400;
/// How long; on a busy server each try takes seconds.
const TIME_MAX: Duration = Duration::from_mins(2);

/// Takes things away, from both sides at once where they are the same, as long as `fails` holds.
#[must_use]
pub fn shrink(
    current: Schema,
    desired: Schema,
    mut fails: impl FnMut(&Schema, &Schema) -> bool,
) -> (Schema, Schema) {
    let (mut current, mut desired) = (current, desired);
    let mut tries = 0;
    let started = Instant::now();
    'again: loop {
        for (a, b) in candidates(&current, &desired) {
            tries += 1;
            if tries > TRIES_MAX || started.elapsed() > TIME_MAX {
                return (current, desired);
            }
            if fails(&a, &b) {
                (current, desired) = (a, b);
                continue 'again;
            }
        }
        return (current, desired);
    }
}

fn candidates(current: &Schema, desired: &Schema) -> Vec<(Schema, Schema)> {
    let mut pairs = Vec::new();
    for (at, statement) in current.0.iter().enumerate() {
        if let Some(same) = desired.0.iter().position(|other| other.head == statement.head) {
            let (mut a, mut b) = (current.clone(), desired.clone());
            a.0.remove(at);
            b.0.remove(same);
            pairs.push((a, b));
        }
    }
    pairs.extend(current.smaller().map(|less| (less, desired.clone())));
    pairs.extend(desired.smaller().map(|less| (current.clone(), less)));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::Statement;

    #[test]
    fn what_does_not_matter_goes() {
        let table = |name: &str, items: &[&str]| Statement {
            head: format!("CREATE TABLE {name}"),
            items: items.iter().map(|&item| item.to_owned()).collect(),
            tail: String::new(),
        };
        let current = Schema(vec![table("a", &["x", "y"]), table("b", &["z"])]);
        let desired = Schema(vec![table("a", &["x"]), table("b", &["z", "bad"])]);
        let fails = |_: &Schema, desired: &Schema| desired.sql().contains("bad");
        let (current, desired) = shrink(current, desired, fails);
        assert_eq!(
            (current.sql().as_str(), desired.sql().as_str()),
            ("", "CREATE TABLE b (\n  bad\n);\n")
        );
    }
}
