//! D17: a migration that another rule warns of, without a README.md that says why.

use crate::Level;
use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "D17",
    name: "readme-required",
    level: Level::Warning,
    says: "there is no README.md, and {} has something to say",
    rewrite: "write a README.md beside it: why, how it is rolled out, what to look at meanwhile",
    check: Check::Last(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    let rules: Vec<&str> = scene.fired.iter().copied().collect();
    if !rules.is_empty() && !scene.file.has_readme {
        found.add(scene.whole(), rules.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn readmes() {
        let rule = postgres("D17");
        rule.check("DROP TABLE t", "D17 1:1 L01");
        rule.check("CREATE TABLE t (a int)", "");
        rule.described().check("DROP TABLE t", "");
    }
}
