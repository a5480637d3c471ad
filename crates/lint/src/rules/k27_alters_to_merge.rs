//! K27: MySQL: a table is altered more than once.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K27",
    name: "alters-to-merge",
    servers: Servers::MR,
    level: Level::Note,
    says: "each ALTER TABLE of {} waits for its lock, and may copy it again",
    rewrite: "put them into one statement; keep those apart that are instant, so that one that is \
              not does not slow them",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::AlterTable(alter) = &statement.kind else { return };
    let before = scene.before(statement).iter().filter(|one| alters(one, &alter.table)).count();
    // once for a table, at the second
    if before == 1 && scene.in_use(&alter.table) {
        found.add(statement.span, alter.table.shown());
    }
}

fn alters(statement: &Statement, table: &Name) -> bool {
    matches!(&statement.kind, Kind::AlterTable(alter) if alter.table == *table)
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn statements() {
        let rule = mysql("K27");
        let two = "ALTER TABLE t ADD a int;\nALTER TABLE t ADD b int";
        rule.check(two, "K27 2:1 t");
        rule.check(&format!("{two};\nALTER TABLE t ADD c int"), "K27 2:1 t");
        rule.check("ALTER TABLE t ADD a int, ADD b int", "");
        rule.check("ALTER TABLE t ADD a int;\nALTER TABLE u ADD a int", "");
        rule.check(&format!("CREATE TABLE t (c int);\n{two}"), "");
    }
}
