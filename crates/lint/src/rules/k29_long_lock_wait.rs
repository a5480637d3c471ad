//! K29: MySQL: a migration waits long for a metadata lock, and everybody behind it.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K29",
    name: "long-lock-wait",
    servers: Servers::MR,
    level: Level::Warning,
    says: "while a statement waits for {} seconds, reads and writes queue behind it",
    rewrite: "leave it out: the tool waits for 3 seconds and tries again",
    check: Check::Statement(check),
    ..Rule::BASE
};

/// What a user may not notice.
const SECONDS_MAX: u64 = 10;

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    let Kind::Set(settings) = &statement.kind else { return };
    for setting in settings.iter().filter(|setting| setting.name == "lock_wait_timeout") {
        if setting.value.parse::<u64>().is_ok_and(|seconds| seconds > SECONDS_MAX) {
            found.add(statement.span, setting.value.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn settings() {
        let rule = mysql("K29");
        rule.check("SET lock_wait_timeout = 86400", "K29 1:1 86400");
        rule.check("SET SESSION lock_wait_timeout = 600, x = 1", "K29 1:1 600");
        rule.check("SET @@lock_wait_timeout = 5", "");
        rule.check("SET x = 86400", "");
    }
}
