//! K07: a check is tried on every row while writes wait.

use crate::found::Found;
use crate::read::{ConstraintKind, Does};
use crate::rule::{Blocks, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Servers, online};

pub(super) const RULE: Rule = Rule {
    id: "K07",
    name: "check-not-valid",
    servers: Servers::P,
    says: "reads and writes of {} wait while every row is checked",
    rewrite: "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own",
    blocks: Some(Blocks::All),
    atlas: &["PG305"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Some((table, action)) = hit.action() else { return };
    // foreign keys are K06's, keys K10's, exclusions K12's
    let Does::Add(constraint) = &action.does else { return };
    let checks = matches!(constraint.kind, ConstraintKind::Check(_) | ConstraintKind::NotNull);
    if !checks || !scene.in_use(table) {
        return;
    }
    let fix = online::validate_later(scene, hit.statement, table, constraint);
    let finding = found.add(hit.span, table.shown()).fix(fix);
    if scene.is_small(table) {
        finding.at_most(Level::Note).blocks(None);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn checks() {
        let rule = postgres("K07");
        let add = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)";
        rule.check(add, "K07 1:15 t [fix]");
        rule.check(&format!("{add} NOT VALID"), "");
        rule.check(&format!("CREATE TABLE t (a int);\n{add}"), "");
        rule.check("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", "");
        rule.knows("rows t", 100).check(add, "K07 1:15 t [fix]");
        rule.mends(
            &format!("{add};"),
            "BEGIN;\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nCOMMIT;\n\
             ALTER TABLE t VALIDATE CONSTRAINT c;",
        );
    }
}
