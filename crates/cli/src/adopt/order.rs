//! The other tool's order of the migrations against ours.

use std::cmp::Ordering;

use xtask_db_engine::ForeignTool;

use super::{Folder, Problem, Taken};

/// Sorts the migrations by id, and names the first pair that the other tool runs in another order.
/// A version that two migrations share is named too.
pub(super) fn check(tool: ForeignTool, folder: &mut Folder) {
    folder.taken.sort_by(|a, b| theirs(tool, a, b).then_with(|| a.id.cmp(&b.id)));
    for pair in folder.taken.windows(2) {
        let [first, second] = pair else { continue };
        // Prisma orders by name alone and records names, not versions
        let same = tool != ForeignTool::Prisma && theirs(tool, first, second) == Ordering::Equal;
        if same {
            let (first, second) = (first.id.clone(), second.id.clone());
            folder.problems.push(Problem::SameVersion { first, second });
        }
    }
    let wrong = folder.taken.windows(2).find(|pair| pair[0].id > pair[1].id);
    if let Some([first, second]) = wrong {
        folder.problems.push(Problem::Order {
            first: first.id.clone(),
            second: second.id.clone(),
            tool: name(tool),
        });
    }
    folder.taken.sort_by(|a, b| a.id.cmp(&b.id));
}

/// The other tool's name.
pub(super) const fn name(tool: ForeignTool) -> &'static str {
    match tool {
        ForeignTool::Sqlx => "sqlx",
        ForeignTool::Diesel => "diesel",
        _ => "prisma",
    }
}

fn theirs(tool: ForeignTool, a: &Taken, b: &Taken) -> Ordering {
    match tool {
        // sqlx compares numbers, diesel texts
        ForeignTool::Sqlx => number(a).cmp(&number(b)),
        _ => a.version.cmp(&b.version),
    }
}

fn number(taken: &Taken) -> i64 {
    taken.version.parse().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_order(tool: ForeignTool, versions: &[&str], expected: &[&str]) {
        let taken = versions.iter().map(|version| Taken {
            id: format!("{version}_x").parse().unwrap(),
            version: (*version).to_owned(),
            up: Vec::new(),
        });
        let mut folder = Folder { taken: taken.collect(), ..Folder::default() };
        check(tool, &mut folder);
        let problems: Vec<String> = folder.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected, "{versions:?}");
    }

    #[test]
    fn an_order_that_would_change_is_named() {
        check_order(ForeignTool::Sqlx, &["10", "9", "20230101120000"], &[]);
        check_order(
            ForeignTool::Sqlx,
            &["20240101", "20230101120000"],
            &["20240101_x runs before 20230101120000_x in sqlx, and after it here"],
        );
        check_order(
            ForeignTool::Diesel,
            &["10", "9"],
            &["10_x runs before 9_x in diesel, and after it here"],
        );
        check_order(ForeignTool::Sqlx, &["1", "01"], &["01_x and 1_x have the same version"]);
    }
}
