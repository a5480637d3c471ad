//! D01: a key that can run out, or a column of the older kind of automatic number.

use crate::found::Found;
use crate::read::{ConstraintKind, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D01",
    name: "narrow-key",
    servers: Servers::PMR,
    level: Level::Warning,
    says: "{}: two thousand million rows, and inserts fail",
    rewrite: "bigint, and on PostgreSQL GENERATED ALWAYS AS IDENTITY in place of serial",
    own: Servers::MR,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    as_is(hit, scene, found);
    if let Some(last) = found.findings.last_mut()
        && hit.rule == "prefer-identity"
    {
        last.because(
            "serial leaves a sequence with rights of its own; identity belongs to the table",
        );
    }
}

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    for column in &create.columns {
        let listed = create.constraints.iter().any(|one| {
            matches!(one.kind, ConstraintKind::PrimaryKey { .. })
                && one.columns == [column.name.clone()]
        });
        let Some(ty) = column.ty.as_ref().filter(|_| column.primary_key || listed) else {
            continue;
        };
        if matches!(ty.base.as_str(), "integer" | "smallint" | "mediumint" | "tinyint") {
            found.add(ty.span, create.name.column(&column.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn keys() {
        let rule = mysql("D01");
        rule.check("CREATE TABLE t (id int PRIMARY KEY, n int)", "D01 1:20 t.id");
        rule.check("CREATE TABLE t (id int, PRIMARY KEY (id))", "D01 1:20 t.id");
        rule.check("CREATE TABLE t (id bigint PRIMARY KEY)", "");
        let rule = postgres("D01");
        rule.check("CREATE TABLE t (id bigint PRIMARY KEY)", "");
        rule.check("CREATE TABLE t (id int PRIMARY KEY)", "D01 1:20 t [fix]");
    }
}
