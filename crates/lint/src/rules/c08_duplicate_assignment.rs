//! C08: one column is assigned twice in one statement.

use crate::Servers;
use crate::found::Found;
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};

pub(super) const RULE: Rule = Rule {
    id: "C08",
    name: "duplicate-assignment",
    servers: Servers::P,
    says: "{}: a column is assigned twice, which the server refuses",
    rewrite: "assign it once",
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    as_is(hit, scene, found);
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn assignments() {
        let rule = postgres("C08");
        rule.check("UPDATE t SET a = 1, a = 2 WHERE b = 1", "C08 1:14 t; C08 1:21 t [fix]");
        rule.check("UPDATE t SET a = 1, b = 2 WHERE b = 1", "");
    }
}
