//! K34: a trigger is added under a lock that writers wait for.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K34",
    name: "trigger-locks",
    servers: Servers::P,
    level: Level::Note,
    says: "writes to {} wait for a moment while the trigger is added, and run it from then on",
    rewrite: "add it in a migration of its own, so that the lock is held for a moment only",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTrigger(trigger) = &statement.kind else { return };
    let Some(table) = &trigger.table else { return };
    if scene.in_use(table) {
        found.add(statement.span, table.shown());
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn triggers() {
        let rule = postgres("K34");
        let trigger = "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()";
        rule.check(trigger, "K34 1:1 t");
        rule.check(&trigger.replace("CREATE", "CREATE CONSTRAINT"), "K34 1:1 t");
        rule.check(&format!("CREATE TABLE t (a int);\n{trigger}"), "");
    }
}
