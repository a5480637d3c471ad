//! K25: MySQL copies the table for a column that counts by itself or is generated and stored.

use crate::found::Found;
use crate::read::{Does, Generated, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K25",
    name: "column-copies",
    servers: Servers::MR,
    says: "writes wait while each row gets its own {}",
    rewrite: "a generated column: make it VIRTUAL; a number: build a new table with it and swap",
    blocks: Some(Blocks::Writes),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::AddColumn(column) = &action.does else { continue };
        if column.auto_increment || column.generated == Some(Generated::Stored) {
            let finding = found.add(action.span, table.column(&column.name));
            if scene.is_small(table) {
                finding.at_most(Level::Note).blocks(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql};

    #[test]
    fn columns() {
        for rule in [mysql("K25"), mariadb("K25")] {
            rule.check("ALTER TABLE t ADD a int AUTO_INCREMENT UNIQUE", "K25 1:15 t.a");
            rule.check("ALTER TABLE t ADD a int AS (b + 1) STORED", "K25 1:15 t.a");
            rule.check("ALTER TABLE t ADD a int AS (b + 1)", "");
            rule.check("CREATE TABLE t (b int);\nALTER TABLE t ADD a int AS (b) STORED", "");
        }
        mariadb("K25").check("ALTER TABLE t ADD a int AS (b) PERSISTENT", "K25 1:15 t.a");
    }
}
