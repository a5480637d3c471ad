//! L11: a column must not be null from now on, and may be null in rows that are there.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Question, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L11",
    name: "not-null-on-nulls",
    servers: Servers::ALL,
    says: "fails where {} is null",
    rewrite: "fill the nulls in a migration before, or in a backfill",
    atlas: &["MF104", "LT101"],
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let column = match &action.does {
            Does::SetNotNull(column) => column,
            Does::Modify { column, to } if to.not_null => column,
            Does::Add(constraint) if constraint.kind == ConstraintKind::NotNull => {
                match constraint.columns.first() {
                    Some(column) if !constraint.not_valid => column,
                    _ => continue,
                }
            }
            _ => continue,
        };
        if scene.in_use(table) && !is_filled(statement, scene, table, column) {
            judge(scene, table, column, action.span, found);
        }
    }
    if scene.is(Servers::S) {
        rebuilt(statement, scene, found);
    }
}

/// A rebuild that makes a column required: the copy fails on a null.
fn rebuilt(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let crate::read::Kind::CreateTable(create) = &statement.kind else { return };
    let rebuilds = scene.rebuilds();
    let Some(rebuild) = rebuilds.iter().find(|one| one.create == statement.index) else { return };
    for column in create.columns.iter().filter(|column| column.not_null) {
        let was = scene.start.column(&rebuild.old, &column.name);
        if was.is_some_and(|was| !was.not_null) && scene.rows(&rebuild.old) != Some(0) {
            judge(scene, &rebuild.old, &column.name, statement.span, found);
        }
    }
}

fn judge(
    scene: &Scene<'_>,
    table: &Name,
    column: &str,
    span: xtask_db_sql::Span,
    found: &mut Found,
) {
    let object = table.column(column);
    let question = Question::Nulls { table: table.clone(), column: column.to_owned() };
    match scene.facts.count(&question) {
        Some(0) => {}
        Some(rows) => {
            let finding = found.add(span, object.as_str());
            finding.because(format!("fails: {object} is null in {rows} rows"));
        }
        None => drop(found.add(span, object).possible()),
    }
}

/// It is not null already, or this file fills it.
fn is_filled(statement: &Statement, scene: &Scene<'_>, table: &Name, column: &str) -> bool {
    let known = scene.state.column(table, column);
    let new_with_default =
        scene.state.is_new_column(table, column) && known.is_some_and(|column| column.default);
    known.is_some_and(|column| column.not_null)
        || new_with_default
        || scene.state.table(table).is_some_and(|table| table.is_checked_not_null(column))
        || scene.is_filled(statement, table, column)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn on_postgres() {
        let set = "ALTER TABLE t ALTER COLUMN a SET NOT NULL";
        let rule = postgres("L11");
        rule.check(set, "L11? 1:15 t.a");
        rule.check(&format!("UPDATE t SET a = 0 WHERE a IS NULL;\n{set}"), "");
        rule.check(&format!("ALTER TABLE t ADD a int DEFAULT 0;\n{set}"), "");
        rule.check(&format!("CREATE TABLE t (a int);\n{set}"), "");
        rule.after("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL)").check(set, "");
        rule.knows("nulls t.a", 0).check(set, "");
        rule.knows("nulls t.a", 5).says(set, "fails: t.a is null in 5 rows");
    }

    #[test]
    fn on_others() {
        let rule = mysql("L11");
        rule.check("ALTER TABLE t MODIFY a int NOT NULL", "L11? 1:15 t.a");
        rule.after("CREATE TABLE t (a int NOT NULL)")
            .check("ALTER TABLE t MODIFY a bigint NOT NULL", "");
        let rebuild = "CREATE TABLE new (a int NOT NULL);\nINSERT INTO new SELECT a FROM t;\n\
                       DROP TABLE t;\nALTER TABLE new RENAME TO t";
        sqlite("L11").after("CREATE TABLE t (a int)").check(rebuild, "L11? 1:1 t.a");
        sqlite("L11").after("CREATE TABLE t (a int NOT NULL)").check(rebuild, "");
    }
}
