//! C14: a write of the running release is prepared after the migration, and its row refused.

use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::running::report;
use crate::scene::Scene;
use crate::{Finding, HarmKind};

pub(super) const RULE: Rule = Rule {
    id: "C14",
    name: "running-write-refused",
    says: "a write of the release that runs is refused after this migration: {}",
    rewrite: "give the column a default, or let it be null until every release that runs writes it",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    report(HarmKind::Refused, scene, found, Finding::possible);
}

#[cfg(test)]
mod tests {
    use crate::HarmKind;
    use crate::check::{postgres, sqlite};

    #[test]
    fn what_the_proof_found() {
        for rule in [postgres("C14"), sqlite("C14")] {
            rule.check("SELECT 1", "");
            let refused = rule.suffers(HarmKind::Refused, false);
            refused.check("SELECT 1", "C14 src/users.rs:7:20 email");
            let perhaps = rule.suffers(HarmKind::Refused, true);
            perhaps.check("SELECT 1", "C14? src/users.rs:7:20 email");
        }
    }
}
