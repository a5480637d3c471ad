//! K08: NOT VALID and VALIDATE in one transaction: the lock of the first is held by the second.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K08",
    name: "validate-in-same-transaction",
    servers: Servers::P,
    says: "{} is validated under the lock that added it: NOT VALID wins nothing",
    rewrite: "validate in a later migration, or give the first a BEGIN and COMMIT of its own",
    blocks: Some(Blocks::All),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::Validate(name) = &action.does else { continue };
        let until = &scene.file.statements[..=statement.index];
        let mut together = until.iter().filter(|one| scene.together(one, statement));
        let Some(key) = together.find_map(|one| added(one, table, name)) else { continue };
        let finding = found.add(action.span, name.as_str());
        if key {
            // a foreign key's lock lets others read
            finding.blocks(Some(Blocks::Writes));
        }
    }
}

/// The constraint is added there; whether it is a foreign key.
fn added(statement: &Statement, table: &Name, name: &str) -> Option<bool> {
    statement.kind.actions().find_map(|(on, action)| match &action.does {
        Does::Add(new) if on == table && new.not_valid && new.name.as_deref() == Some(name) => {
            Some(matches!(new.kind, ConstraintKind::ForeignKey(_)))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn transactions() {
        let rule = postgres("K08");
        let add = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID";
        let validate = "ALTER TABLE t VALIDATE CONSTRAINT c";
        rule.check(&format!("{add};\n{validate}"), "K08 2:15 c");
        rule.check(&format!("BEGIN;\n{add};\nCOMMIT;\n{validate}"), "");
        // each commits by itself
        rule.check(&format!("-- xtask-db: no-transaction\n{add};\n{validate}"), "");
        rule.check(&format!("{add}, VALIDATE CONSTRAINT c"), "K08 1:57 c");
        rule.check(validate, "");
    }
}
