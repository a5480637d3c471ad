//! D10: a domain with a constraint, which cannot be changed without looking at every row.

use crate::found::Found;
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D10",
    name: "domain-constraint",
    servers: Servers::P,
    level: Level::Warning,
    says: "a constraint of the domain {} is checked in every table that uses it, all locked at once",
    rewrite: "a check constraint of the table in place of the domain's",
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
    fn domains() {
        let rule = postgres("D10");
        rule.check("CREATE DOMAIN email AS text CHECK (value LIKE '%@%')", "D10 1:29 email");
        rule.check("CREATE DOMAIN email AS text", "");
    }
}
