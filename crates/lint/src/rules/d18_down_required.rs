//! D18: a migration that another rule warns of, without a way back.

use crate::Level;
use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "D18",
    name: "down-required",
    level: Level::Warning,
    says: "there is no down.sql, and {} has something to say",
    rewrite: "write a down.sql, or say that there is no way back: -- xtask-db: irreversible \
              reason=\"…\"",
    check: Check::Last(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    let rules: Vec<&str> = scene.fired.iter().copied().collect();
    if !rules.is_empty() && !scene.file.has_down && !scene.file.irreversible {
        found.add(scene.whole(), rules.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn ways_back() {
        let rule = postgres("D18");
        rule.check("DROP TABLE t", "D18 1:1 L01");
        rule.check("-- xtask-db: irreversible reason=\"empty\"\nDROP TABLE t", "");
        rule.check("CREATE TABLE t (a int)", "");
        rule.described().check("DROP TABLE t", "");
    }
}
