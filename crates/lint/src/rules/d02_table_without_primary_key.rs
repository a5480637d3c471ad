//! D02: a table without a primary key.

use crate::Level;
use crate::found::Found;
use crate::read::{ConstraintKind, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "D02",
    name: "table-without-primary-key",
    level: Level::Warning,
    says: "{} has no primary key: its rows cannot be told apart, nor replicated well",
    rewrite: "give it a primary key",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    if create.temporary || create.derived || create.is_virtual || create.columns.is_empty() {
        return;
    }
    let is_key = |kind: &ConstraintKind| matches!(kind, ConstraintKind::PrimaryKey { .. });
    let own = create.columns.iter().any(|column| column.primary_key)
        || create.constraints.iter().any(|constraint| is_key(&constraint.kind));
    let later =
        scene.after(statement).iter().flat_map(|one| one.kind.actions()).any(|(table, action)| {
            *table == create.name
                && matches!(&action.does, Does::Add(constraint) if is_key(&constraint.kind))
        });
    if !own && !later {
        found.add(statement.span, create.name.shown());
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn tables() {
        for rule in [postgres("D02"), mysql("D02"), sqlite("D02")] {
            rule.check("CREATE TABLE t (a int)", "D02 1:1 t");
            rule.check("CREATE TABLE t (a int PRIMARY KEY)", "");
            rule.check("CREATE TABLE t (a int, CONSTRAINT p PRIMARY KEY (a))", "");
            rule.check("CREATE TABLE t (a int);\nALTER TABLE t ADD PRIMARY KEY (a)", "");
            rule.check("CREATE TABLE t AS SELECT 1 AS a", "");
        }
    }
}
