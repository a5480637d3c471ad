//! L04: a table is emptied.

use crate::Servers;
use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L04",
    name: "truncate",
    servers: Servers::PMR,
    says: "{} loses all of its rows",
    rewrite: "delete what is meant, in batches; name each table instead of CASCADE",
    own: Servers::PMR,
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::Truncate { tables, cascade } = &statement.kind else { return };
    for table in tables.iter().filter(|table| scene.in_use(table)) {
        let finding = found.add(statement.span, table.shown());
        if *cascade {
            finding.because(format!(
                "{} and every table that refers to it lose all of their rows",
                table.shown()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn tables() {
        for rule in [postgres("L04"), mysql("L04")] {
            rule.check("TRUNCATE users", "L04 1:1 users");
            rule.check("TRUNCATE TABLE users", "L04 1:1 users");
            rule.check("CREATE TABLE t (a int);\nTRUNCATE t", "");
            rule.knows("rows users", 0).check("TRUNCATE users", "");
        }
        postgres("L04").check("TRUNCATE a, ONLY b", "L04 1:1 a; L04 1:1 b");
        let says = "users and every table that refers to it lose all of their rows";
        postgres("L04").says("TRUNCATE users CASCADE", says);
    }
}
