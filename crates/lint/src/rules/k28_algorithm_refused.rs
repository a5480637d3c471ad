//! K28: MariaDB is asked for a way that it does not have for this change.

use crate::Servers;
use crate::found::Found;
use crate::read::{Action, ConstraintKind, Does, Generated, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "K28",
    name: "algorithm-refused",
    servers: Servers::R,
    says: "MariaDB has no {} for this change: the statement fails",
    rewrite: "leave the algorithm out, and bound the wait for the lock instead: ALTER TABLE … WAIT 3",
    check: Check::Statement(check),
    ..Rule::BASE
};

/// From the fastest to the slowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Instant,
    NoCopy,
    Inplace,
    Copy,
}

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    let Kind::AlterTable(alter) = &statement.kind else { return };
    let asked = alter.actions.iter().find_map(|action| match &action.does {
        Does::Option { name, value } if name == "algorithm" => Some((action.span, value.as_str())),
        _ => None,
    });
    let Some((span, word)) = asked else { return };
    let asked = match word {
        "instant" => Algorithm::Instant,
        "nocopy" => Algorithm::NoCopy,
        "inplace" => Algorithm::Inplace,
        _ => return,
    };
    if alter.actions.iter().filter_map(needs).any(|needed| needed > asked) {
        found.add(span, format!("ALGORITHM={}", word.to_uppercase()));
    }
}

/// Measured on 10.11.
fn needs(action: &Action) -> Option<Algorithm> {
    match &action.does {
        Does::AddIndex(index) if index.method.as_deref() == Some("fulltext") => {
            Some(Algorithm::Inplace)
        }
        Does::AddIndex(_) | Does::DropIndex(_) => Some(Algorithm::NoCopy),
        Does::Add(constraint) => Some(match &constraint.kind {
            ConstraintKind::Check(_) => Algorithm::Copy,
            ConstraintKind::PrimaryKey { .. } => Algorithm::Inplace,
            ConstraintKind::Unique { .. } => Algorithm::NoCopy,
            _ => return None,
        }),
        Does::AddColumn(column) if column.generated == Some(Generated::Stored) => {
            Some(Algorithm::Copy)
        }
        Does::AddColumn(column) if column.auto_increment => Some(Algorithm::Inplace),
        Does::Option { name, .. } if name == "engine" => Some(Algorithm::Inplace),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql};

    #[test]
    fn algorithms() {
        let rule = mariadb("K28");
        let index = "ALTER TABLE t ADD INDEX (a), ALGORITHM=INSTANT";
        rule.check(index, "K28 1:30 ALGORITHM=INSTANT");
        rule.check("ALTER TABLE t ADD INDEX (a), ALGORITHM=NOCOPY", "");
        rule.check("ALTER TABLE t DROP COLUMN a, ALGORITHM=INSTANT", "");
        rule.check(
            "ALTER TABLE t ADD CHECK (a > 0), ALGORITHM=INPLACE",
            "K28 1:34 ALGORITHM=INPLACE",
        );
        mysql("K28").check(index, "");
    }
}
