//! C02: a column is renamed under running code.

use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C02",
    name: "rename-column",
    says: "code that is running does not find {} any more",
    rewrite: "add a column with the new name, write both, backfill it, and drop the old one in a \
              later release",
    atlas: &["BC102"],
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    match hit.action() {
        Some(_) => check(hit.statement, scene, found),
        // a view's column, a type's attribute
        None => drop(found.add(hit.span, hit.object())),
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let from = match &action.does {
            Does::RenameColumn { from, .. } => from,
            Does::Modify { column, to } if *column != to.name => column,
            _ => continue,
        };
        if is_missed(table, from, scene) {
            found.add(action.span, table.column(from));
        }
    }
}

fn is_missed(table: &Name, column: &str, scene: &Scene<'_>) -> bool {
    !scene.state.is_new(table) && !scene.state.is_new_column(table, column)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn columns() {
        for rule in [postgres("C02"), mysql("C02"), sqlite("C02")] {
            rule.check("ALTER TABLE t RENAME COLUMN a TO b", "C02 1:15 t.a");
            rule.check("CREATE TABLE t (a int);\nALTER TABLE t RENAME COLUMN a TO b", "");
        }
        postgres("C02").check("ALTER TABLE t RENAME a TO b", "C02 1:15 t.a");
        mysql("C02").check("ALTER TABLE t CHANGE a b int", "C02 1:15 t.a");
        mysql("C02").check("ALTER TABLE t CHANGE a a bigint, MODIFY b int", "");
    }
}
