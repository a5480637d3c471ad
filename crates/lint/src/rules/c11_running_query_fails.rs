//! C11: a query of the running release cannot be prepared after the migration.

use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::running::report;
use crate::scene::Scene;
use crate::{Finding, HarmKind};

pub(super) const RULE: Rule = Rule {
    id: "C11",
    name: "running-query-fails",
    says: "a query of the release that runs fails after this migration: {}",
    rewrite: "keep what it reads until no release that uses it runs: add first, drop in a later \
              migration",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    report(HarmKind::Fails, scene, found, Finding::doubtful);
}

#[cfg(test)]
mod tests {
    use crate::HarmKind;
    use crate::check::{postgres, sqlite};

    #[test]
    fn what_the_proof_found() {
        for rule in [postgres("C11"), sqlite("C11")] {
            rule.check("SELECT 1", "");
            rule.suffers(HarmKind::Columns, false).check("SELECT 1", "");
            let fails = rule.suffers(HarmKind::Fails, false);
            fails.check("SELECT 1", "C11 src/users.rs:7:20 email");
            fails.says(
                "SELECT 1",
                "a query of the release that runs fails after this migration: it",
            );
            rule.suffers(HarmKind::Fails, true).check("SELECT 1", "C11? src/users.rs:7:20 email");
            let meant = "-- xtask-db: allow C11 reason=\"not called\"\nSELECT 1";
            fails.check(meant, "");
        }
    }
}
