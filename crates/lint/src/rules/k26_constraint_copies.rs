//! K26: MySQL checks every row for a new foreign key or check while writes wait.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Kind, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K26",
    name: "constraint-copies",
    servers: Servers::MR,
    says: "writes to {} wait while the table is copied and checked",
    rewrite: "a foreign key: SET foreign_key_checks = 0 before it, and count the orphans in \
              verify.sql; a check: ADD … NOT ENFORCED first, on MySQL",
    blocks: Some(Blocks::Writes),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::Add(constraint) = &action.does else { continue };
        let copies = match &constraint.kind {
            ConstraintKind::ForeignKey(_) => !is_unchecked(statement, scene),
            ConstraintKind::Check(_) => !constraint.not_enforced,
            _ => false,
        };
        if copies {
            let finding = found.add(action.span, table.shown());
            if scene.is_small(table) {
                finding.at_most(Level::Note).blocks(None);
            }
        }
    }
}

fn is_unchecked(statement: &Statement, scene: &Scene<'_>) -> bool {
    scene.before(statement).iter().any(|one| {
        matches!(&one.kind, Kind::Set(settings)
            if settings.iter().any(|set| set.name == "foreign_key_checks" && set.value == "0"))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn constraints() {
        let rule = mysql("K26");
        let key = "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id)";
        rule.check(key, "K26 1:15 t");
        rule.check(&format!("SET foreign_key_checks = 0;\n{key}"), "");
        rule.check("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "K26 1:15 t");
        rule.check("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED", "");
        rule.check(&format!("CREATE TABLE t (a int);\n{key}"), "");
    }
}
