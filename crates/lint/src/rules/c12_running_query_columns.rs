//! C12: a query of the running release returns other columns after the migration.

use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::running::report;
use crate::scene::Scene;
use crate::{Finding, HarmKind};

pub(super) const RULE: Rule = Rule {
    id: "C12",
    name: "running-query-columns",
    says: "a query of the release that runs returns other columns after this migration: {}",
    rewrite: "add a column beside the old one and move the code over; name columns instead of *",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    report(HarmKind::Columns, scene, found, Finding::doubtful);
}

#[cfg(test)]
mod tests {
    use crate::HarmKind;
    use crate::check::{postgres, sqlite};

    #[test]
    fn what_the_proof_found() {
        for rule in [postgres("C12"), sqlite("C12")] {
            rule.check("SELECT 1", "");
            let other = rule.suffers(HarmKind::Columns, false);
            other.check("SELECT 1", "C12 src/users.rs:7:20 email");
            let more = rule.suffers(HarmKind::Columns, true);
            more.check("SELECT 1", "C12? src/users.rs:7:20 email");
        }
    }
}
