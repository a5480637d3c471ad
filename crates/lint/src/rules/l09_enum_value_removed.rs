//! L09: an enum loses a value that rows may have.

use crate::found::Found;
use crate::read::{Action, Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Question, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L09",
    name: "enum-value-removed",
    servers: Servers::PMR,
    says: "rows of {} may have a value that is removed",
    rewrite: "stop writing the value, change the rows that have it, and remove it in a later \
              migration",
    atlas: &["MY110", "MY120"],
    own: Servers::PMR,
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Some((column, old, new)) = values(scene, table, action) else { continue };
        let removed: Vec<&String> = old.iter().filter(|value| !new.contains(value)).collect();
        let held: Vec<Option<u64>> =
            removed.iter().map(|value| holding(scene, table, column, value)).collect();
        if held.iter().all(|rows| *rows == Some(0)) {
            continue;
        }
        let names: Vec<String> = removed.iter().map(|value| format!("'{value}'")).collect();
        let names = names.join(", ");
        let finding = found.add(action.span, table.column(column));
        match held.into_iter().flatten().sum::<u64>() {
            0 => {
                let object = table.column(column);
                finding.because(format!("{names} removed from {object}: rows may have it"));
                finding.doubtful();
            }
            rows => {
                let object = table.column(column);
                finding.because(format!("{names} removed from {object}, which {rows} rows have"));
            }
        }
    }
}

/// The column, its values before and after.
fn values<'a>(
    scene: &Scene<'a>,
    table: &Name,
    action: &'a Action,
) -> Option<(&'a str, Vec<String>, Vec<String>)> {
    let known = |column: &str| scene.state.column(table, column)?.ty.as_ref();
    match &action.does {
        Does::Modify { column, to } => {
            let old = known(column)?.values()?;
            Some((column, old, to.ty.as_ref()?.values()?))
        }
        Does::SetType { column, ty, .. } => {
            let old = scene.state.enum_values(&known(column)?.base)?;
            Some((column, old.to_vec(), scene.state.enum_values(&ty.base)?.to_vec()))
        }
        _ => None,
    }
}

fn holding(scene: &Scene<'_>, table: &Name, column: &str, value: &str) -> Option<u64> {
    let (table, column, value) = (table.clone(), column.to_owned(), value.to_owned());
    scene.facts.count(&Question::Holding { table, column, value })
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn on_mysql() {
        let rule = mysql("L09").after("CREATE TABLE t (a enum('x', 'y'))");
        rule.check("ALTER TABLE t MODIFY a enum('x')", "L09? 1:15 t.a");
        rule.check("ALTER TABLE t MODIFY a enum('x', 'y', 'z')", "");
        let none = rule.knows("holding t.a y", 0);
        none.check("ALTER TABLE t MODIFY a enum('x')", "");
        let some = rule.knows("holding t.a y", 4);
        some.says("ALTER TABLE t MODIFY a enum('x')", "'y' removed from t.a, which 4 rows have");
        mysql("L09").check("ALTER TABLE t MODIFY a enum('x')", "");
    }

    #[test]
    fn on_postgres_by_a_new_type() {
        let before = "CREATE TYPE \"Role\" AS ENUM ('A', 'B');\nCREATE TABLE t (r \"Role\")";
        let swap = "CREATE TYPE \"New\" AS ENUM ('A');\n\
                    ALTER TABLE t ALTER COLUMN r TYPE \"New\" USING (r::text::\"New\");\n\
                    ALTER TYPE \"Role\" RENAME TO \"Old\";\nALTER TYPE \"New\" RENAME TO \"Role\"";
        postgres("L09").after(before).check(swap, "L09? 2:15 t.r");
        let wider = swap.replace("('A')", "('A', 'B', 'C')");
        postgres("L09").after(before).check(&wider, "");
    }
}
