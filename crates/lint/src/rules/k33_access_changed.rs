//! K33: who may see which rows changes under running code.

use crate::found::Found;
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::{Hit, on_table_in_use};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K33",
    name: "access-changed",
    servers: Servers::P,
    level: Level::Warning,
    says: "code that is running may see other rows of {}, or none",
    rewrite: "create the policies first, then enable row level security; try the application's role \
              against both",
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    on_table_in_use(hit, scene, found);
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn policies() {
        let rule = postgres("K33");
        rule.check("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "K33 1:15 t");
        rule.check("CREATE POLICY p ON t USING (true)", "K33 1:1 t");
        rule.check("DROP POLICY p ON t", "K33 1:1 t");
        rule.check("ALTER POLICY p ON t USING (a > 1)", "K33 1:21 t");
        let new = "CREATE TABLE t (a int);\nALTER TABLE t ENABLE ROW LEVEL SECURITY;\n\
                   CREATE POLICY p ON t USING (true)";
        rule.check(new, "");
    }
}
