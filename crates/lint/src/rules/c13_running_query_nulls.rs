//! C13: a query of the running release returns null where it did not, or the other way round.

use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::running::report;
use crate::scene::Scene;
use crate::{Finding, HarmKind};

pub(super) const RULE: Rule = Rule {
    id: "C13",
    name: "running-query-nulls",
    says: "a query of the release that runs changes in what may be null: {}",
    rewrite: "deploy code that can read a null first; write none before the column is NOT NULL",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    report(HarmKind::Nulls, scene, found, Finding::possible);
}

#[cfg(test)]
mod tests {
    use crate::HarmKind;
    use crate::check::{postgres, sqlite};

    #[test]
    fn what_the_proof_found() {
        for rule in [postgres("C13"), sqlite("C13")] {
            rule.check("SELECT 1", "");
            let null = rule.suffers(HarmKind::Nulls, false);
            null.check("SELECT 1", "C13 src/users.rs:7:20 email");
            let filled = rule.suffers(HarmKind::Nulls, true);
            filled.check("SELECT 1", "C13? src/users.rs:7:20 email");
        }
    }
}
