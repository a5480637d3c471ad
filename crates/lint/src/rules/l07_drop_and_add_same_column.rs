//! L07: a column is dropped and added again under its name.

use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L07",
    name: "drop-and-add-same-column",
    says: "{} is dropped and added again without its values",
    rewrite: "change its type in place, or add a column of another name, copy the values, and drop \
              the old one later",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        let until = &scene.file.statements[..=statement.index];
        let dropped = until.iter().flat_map(|one| one.kind.actions()).any(|(on, earlier)| {
            on == table
                && earlier.span.start < action.span.start
                && matches!(&earlier.does, Does::DropColumn(name) if *name == column.name)
        });
        let was_new = scene
            .start
            .table(table)
            .is_some_and(|known| !known.partial && known.column(&column.name).is_none());
        if dropped && !was_new && scene.in_use(table) {
            found.add(action.span, table.column(&column.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn columns() {
        let again = "ALTER TABLE t DROP COLUMN a;\nALTER TABLE t ADD COLUMN a text";
        for rule in [postgres("L07"), mysql("L07"), sqlite("L07")] {
            rule.check(again, "L07 2:15 t.a");
            rule.check("ALTER TABLE t DROP COLUMN a;\nALTER TABLE t ADD COLUMN b text", "");
            rule.check("ALTER TABLE t DROP COLUMN a;\nALTER TABLE u ADD COLUMN a text", "");
            rule.knows("rows t", 0).check(again, "");
            rule.after("CREATE TABLE t (b int)").check(again, "");
        }
        let one = "ALTER TABLE t DROP COLUMN a, ADD COLUMN a bigint";
        postgres("L07").check(one, "L07 1:30 t.a");
        mysql("L07").check(one, "L07 1:30 t.a");
    }
}
