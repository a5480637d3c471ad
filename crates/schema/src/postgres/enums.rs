//! Enum types.

use serde::{Deserialize, Serialize};

use super::Name;
use super::change::Change;
use super::name::text;
use crate::Step;

/// An enum type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Its values in order.
    pub values: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// The statement that makes one.
pub(super) fn create(name: &Name, made: &Enum) -> String {
    if made.values.is_empty() {
        return format!("CREATE TYPE {name} AS ENUM ()");
    }
    let values: Vec<String> = made.values.iter().map(|value| text(value)).collect();
    format!("CREATE TYPE {name} AS ENUM (\n    {}\n)", values.join(",\n    "))
}

/// What makes one the other. Values are added where they belong; nothing takes one away.
pub(super) fn change(name: &Name, from: &Enum, to: &Enum) -> Change {
    if from.values == to.values {
        return Change::Same;
    }
    let kept: Vec<&String> = to.values.iter().filter(|value| from.values.contains(value)).collect();
    if !kept.iter().copied().eq(&from.values) {
        return Change::Replace;
    }
    let mut steps = Vec::new();
    for (at, value) in to.values.iter().enumerate() {
        if from.values.contains(value) {
            continue;
        }
        let old = |value: &&String| from.values.contains(value);
        let next = to.values[at + 1..].iter().find(old);
        let place = match (at.checked_sub(1), next) {
            (_, None) => String::new(),
            (None, Some(next)) => format!(" BEFORE {}", text(next)),
            (Some(before), Some(_)) => format!(" AFTER {}", text(&to.values[before])),
        };
        steps.push(Step::new(format!("ALTER TYPE {name} ADD VALUE {}{place}", text(value))));
    }
    Change::Alter(steps)
}

/// Whether a statement is one of these.
pub(super) fn adds_value(sql: &str) -> bool {
    sql.starts_with("ALTER TYPE ") && sql.contains(" ADD VALUE ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_added_where_they_belong() {
        let of = |values: &str| Enum {
            values: values.split_whitespace().map(str::to_owned).collect(),
            comment: None,
        };
        let check = |from: &str, to: &str, expected: &str| {
            let shown = match change(&Name::own("t"), &of(from), &of(to)) {
                Change::Alter(steps) => {
                    let sql = |step: &Step| step.sql.replace("ALTER TYPE t ADD VALUE ", "");
                    steps.iter().map(sql).collect::<Vec<_>>().join("; ")
                }
                other => format!("{other:?}"),
            };
            assert_eq!(shown, expected, "{from} -> {to}");
        };
        check("a b", "a b", "Same");
        check("a b", "a b c d", "'c'; 'd'");
        check("a b", "x a b", "'x' BEFORE 'a'");
        check("a b", "x y a b", "'x' BEFORE 'a'; 'y' AFTER 'x'");
        check("a b", "a x b", "'x' AFTER 'a'");
        check("a b", "b a", "Replace");
        check("a b", "a", "Replace");
        check("a", "b", "Replace");
        check("", "a", "'a'");
    }
}
