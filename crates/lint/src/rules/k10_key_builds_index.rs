//! K10: a key builds its index while reads and writes wait.

use crate::Servers;
use crate::found::Found;
use crate::rule::{Blocks, Rule};
use crate::squawk::on_table_in_use;

pub(super) const RULE: Rule = Rule {
    id: "K10",
    name: "key-builds-index",
    servers: Servers::P,
    says: "reads and writes of the table of {} wait while the key's index is built",
    rewrite: "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … \
              USING INDEX",
    blocks: Some(Blocks::All),
    atlas: &["PG104", "PG105"],
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &crate::squawk::Hit<'_>, scene: &crate::scene::Scene<'_>, found: &mut Found) {
    on_table_in_use(hit, scene, found);
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn keys() {
        let rule = postgres("K10");
        rule.check("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", "K10 1:19 t");
        rule.check("ALTER TABLE t ADD PRIMARY KEY (a)", "K10 1:19 t");
        rule.check("ALTER TABLE t ADD COLUMN a int UNIQUE", "K10 1:32 t.a");
        rule.check("ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i", "");
        rule.check("CREATE TABLE t (a int);\nALTER TABLE t ADD PRIMARY KEY (a)", "");
        rule.knows("rows t", 0).check("ALTER TABLE t ADD PRIMARY KEY (a)", "");
    }
}
