//! K16: a migration turns off the timeout that keeps it from blocking everybody.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K16",
    name: "timeout-off",
    servers: Servers::P,
    level: Level::Warning,
    says: "without {} a statement that waits for a lock makes everybody behind it wait too",
    rewrite: "leave it out: the tool sets lock_timeout and tries again; a statement-timeout is set in \
              the configuration",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::Set(settings) = &statement.kind else { return };
    // CONCURRENTLY must not be cancelled while it waits, or it leaves an invalid index
    if scene.file.statements.iter().any(|one| one.effects.concurrently) {
        return;
    }
    for setting in settings {
        let is_timeout = setting.name == "lock_timeout";
        if is_timeout && matches!(setting.value.as_str(), "0" | "0s" | "0ms") {
            found.add(statement.span, setting.name.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn settings() {
        let rule = postgres("K16");
        rule.check("SET lock_timeout = 0", "K16 1:1 lock_timeout");
        rule.check("SET LOCAL lock_timeout TO '0'", "K16 1:1 lock_timeout");
        rule.check("SET lock_timeout = '5s'", "");
        rule.check("SET statement_timeout = 0", "");
        rule.check("SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON t (a)", "");
    }
}
