//! L03: a schema or a database is dropped with all that is in it.

use crate::Servers;
use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;

pub(super) const RULE: Rule = Rule {
    id: "L03",
    name: "drop-schema",
    servers: Servers::PMR,
    says: "{} is dropped with everything in it",
    rewrite: "drop its tables one by one in migrations of their own, so that each is looked at",
    atlas: &["DS101"],
    own: Servers::MR,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    check(hit.statement, scene, found);
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::DropSchema(names) = &statement.kind else { return };
    for name in names.iter().filter(|name| !scene.state.is_new_schema(name)) {
        found.add(statement.span, name.shown());
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn schemas() {
        for rule in [postgres("L03"), mysql("L03")] {
            rule.check("DROP SCHEMA audit", "L03 1:1 audit");
            rule.check("DROP DATABASE IF EXISTS audit", "L03 1:1 audit");
            rule.check("CREATE SCHEMA a;\nDROP SCHEMA a", "");
        }
        postgres("L03").check("DROP SCHEMA a, b CASCADE", "L03 1:1 a; L03 1:1 b");
    }
}
