//! L13: MySQL fills a required column with a zero that nobody wrote.

use super::l12_required_column::is_refused;
use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L13",
    name: "implicit-zero",
    servers: Servers::MR,
    level: Level::Warning,
    says: "rows that are there get 0, '' or a zero date in {}, which nobody wrote",
    rewrite: "say the value: DEFAULT …; or add it nullable, fill it, then MODIFY … NOT NULL",
    atlas: &["MY101"],
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        let silent = column.not_null && column.default.is_none() && !column.fills_itself();
        if silent && scene.in_use(table) && !is_refused(scene, column) {
            found.add(action.span, table.column(&column.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql};

    #[test]
    fn columns() {
        for rule in [mysql("L13"), mariadb("L13")] {
            rule.check("ALTER TABLE t ADD a int NOT NULL", "L13 1:15 t.a");
            rule.check("ALTER TABLE t ADD (a int NOT NULL, b int)", "L13 1:15 t.a");
            rule.check("ALTER TABLE t ADD a int NOT NULL DEFAULT 0", "");
            rule.check("ALTER TABLE t ADD a int", "");
            rule.check("ALTER TABLE t ADD a int AS (b + 1) STORED NOT NULL", "");
        }
        mysql("L13").check("ALTER TABLE t ADD a date NOT NULL", "");
        mariadb("L13").check("ALTER TABLE t ADD a date NOT NULL", "L13 1:15 t.a");
    }
}
