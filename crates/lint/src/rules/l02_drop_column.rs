//! L02: a column is dropped with its values.

use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Question, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L02",
    name: "drop-column",
    loses: true,
    says: "{} is dropped with its values",
    rewrite: "first deploy code that neither reads nor writes it, then drop it in a later \
        migration",
    atlas: &["DS103"],
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    match hit.action() {
        Some(_) => check(hit.statement, scene, found),
        None => drop(found.add(hit.span, hit.object())),
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::DropColumn(column) = &action.does else { continue };
        if !scene.in_use(table) || scene.state.is_new_column(table, column) {
            continue;
        }
        let object = table.column(column);
        let finding = found.add(action.span, object.as_str());
        let question = Question::Values { table: table.clone(), column: column.clone() };
        match scene.count(&question) {
            Some(0) => {
                finding.at_most(Level::Warning);
                finding.because(format!("{object} is dropped; it is null everywhere"));
            }
            Some(values) => {
                finding.because(format!("{object} is dropped with its {values} values"));
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn columns() {
        for rule in [postgres("L02"), mysql("L02"), sqlite("L02")] {
            rule.check("ALTER TABLE users DROP COLUMN name", "L02 1:19 users.name");
            rule.check("ALTER TABLE users DROP name", "L02 1:19 users.name");
            rule.check("CREATE TABLE t (a int, b int);\nALTER TABLE t DROP COLUMN a", "");
            rule.check("ALTER TABLE t ADD COLUMN a int;\nALTER TABLE t DROP COLUMN a", "");
            rule.knows("rows users", 0).check("ALTER TABLE users DROP name", "");
            let renamed = "ALTER TABLE users RENAME COLUMN a TO name;\n\
                           ALTER TABLE users DROP COLUMN name";
            let unknown = rule.knows("values users.name", 0);
            unknown.says(renamed, "users.name is dropped with its values");
            let values = rule.knows("values users.name", 3);
            values.says("ALTER TABLE users DROP name", "users.name is dropped with its 3 values");
            let none = rule.knows("values users.name", 0);
            none.says(
                "ALTER TABLE users DROP name",
                "users.name is dropped; it is null everywhere",
            );
        }
        let several = "ALTER TABLE t DROP COLUMN a, DROP COLUMN b";
        postgres("L02").check(several, "L02 1:15 t.a; L02 1:30 t.b");
        mysql("L02").check("ALTER TABLE t DROP INDEX a, DROP PRIMARY KEY, DROP FOREIGN KEY f", "");
    }
}
