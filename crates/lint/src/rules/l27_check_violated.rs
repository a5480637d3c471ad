//! L27: a check is added to rows that may not pass it.

use crate::Question;
use crate::found::Found;
use crate::read::{ConstraintKind, Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L27",
    name: "check-violated",
    says: "fails where rows of {} do not pass the check",
    rewrite: "count the rows that do not pass and settle them in a migration before; on PostgreSQL \
              add it NOT VALID",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::Add(constraint) = &action.does else { continue };
        let ConstraintKind::Check(condition) = &constraint.kind else { continue };
        if constraint.not_valid || constraint.not_enforced || !scene.in_use(table) {
            continue;
        }
        let question =
            Question::Violations { table: table.clone(), condition: condition.text.clone() };
        match scene.facts.count(&question) {
            Some(0) => {}
            Some(rows) => {
                let finding = found.add(action.span, table.shown());
                let shown = table.shown();
                finding.because(format!("fails: {rows} rows of {shown} do not pass the check"));
            }
            None => drop(found.add(action.span, table.shown()).possible()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn checks() {
        let add = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)";
        for rule in [postgres("L27"), mysql("L27")] {
            rule.check(add, "L27? 1:15 t");
            rule.check(&format!("CREATE TABLE t (a int);\n{add}"), "");
            rule.knows("violations t a > 0", 0).check(add, "");
            let some = rule.knows("violations t a > 0", 9);
            some.says(add, "fails: 9 rows of t do not pass the check");
        }
        postgres("L27").check(&format!("{add} NOT VALID"), "");
        mysql("L27").check(&format!("{add} NOT ENFORCED"), "");
    }
}
