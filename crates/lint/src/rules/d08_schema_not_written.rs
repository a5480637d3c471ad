//! D08: a table is made wherever the search path leads.

use crate::found::Found;
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D08",
    name: "schema-not-written",
    servers: Servers::P,
    level: Level::Warning,
    says: "where {} is made depends on the search path",
    rewrite: "write the schema: CREATE TABLE app.users",
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
    fn tables() {
        postgres("D08").check("CREATE TABLE t (a int)", "D08 1:14 t");
        postgres("D08").check("CREATE TABLE app.t (a int)", "");
    }
}
