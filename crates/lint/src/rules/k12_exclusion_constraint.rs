//! K12: an exclusion constraint builds its index while reads and writes wait.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K12",
    name: "exclusion-constraint",
    servers: Servers::P,
    level: Level::Warning,
    says: "reads and writes of {} wait while the index of the exclusion is built",
    rewrite: "there is no form that lets others go on: plan a window, or fill a new table that has \
              the constraint from the start",
    blocks: Some(Blocks::All),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::Add(constraint) = &action.does else { continue };
        if constraint.kind == ConstraintKind::Exclude {
            let finding = found.add(action.span, table.shown());
            if scene.is_small(table) {
                finding.at_most(Level::Note).blocks(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn constraints() {
        let add = "ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (a WITH &&)";
        postgres("K12").check(add, "K12 1:15 t");
        postgres("K12").check(&format!("CREATE TABLE t (a tsrange);\n{add}"), "");
    }
}
