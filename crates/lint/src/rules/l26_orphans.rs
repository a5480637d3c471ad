//! L26: a foreign key is added to rows that may refer to nothing.

use xtask_db_sql::Span;

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Kind, Reference, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Question};

pub(super) const RULE: Rule = Rule {
    id: "L26",
    name: "orphans",
    says: "fails where rows of {} refer to nothing",
    rewrite: "count the orphans first and settle them in a migration before",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        match &action.does {
            Does::Add(constraint) if !constraint.not_valid && !constraint.not_enforced => {
                if let ConstraintKind::ForeignKey(to) = &constraint.kind {
                    judge(scene, table, &constraint.columns, to, action.span, found);
                }
            }
            // null in every row, unless it has a default
            Does::AddColumn(column) if column.default.as_ref().is_some_and(|v| !v.is_null()) => {
                if let Some(to) = &column.references {
                    let columns = std::slice::from_ref(&column.name);
                    judge(scene, table, columns, to, action.span, found);
                }
            }
            _ => {}
        }
    }
    if scene.is_sqlite() {
        rebuilt(statement, scene, found);
    }
}

/// A rebuild that adds a foreign key.
fn rebuilt(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    let rebuilds = scene.rebuilds();
    let Some(rebuild) = rebuilds.iter().find(|one| one.create == statement.index) else { return };
    let Some(old) = scene.start.table(&rebuild.old) else { return };
    let mut after = scene.start.clone();
    after.apply(&statement.kind);
    let Some(new) = after.table(&create.name) else { return };
    for key in &new.foreign_keys {
        let known = old.foreign_keys.iter().any(|one| one.columns == key.columns);
        let copied = key.columns.iter().all(|column| old.column(column).is_some());
        if !known && copied && scene.rows(&rebuild.old) != Some(0) {
            let to = Reference { table: key.table.clone(), columns: key.referenced.clone() };
            ask(scene, &rebuild.old, &key.columns, &to, statement.span, found);
        }
    }
}

fn judge(
    scene: &Scene<'_>,
    table: &Name,
    columns: &[String],
    to: &Reference,
    span: Span,
    found: &mut Found,
) {
    let empty = |column: &String| {
        let known = scene.state.column(table, column);
        scene.state.is_new_column(table, column) && known.is_some_and(|column| !column.default)
    };
    if scene.in_use(table) && !columns.iter().any(empty) {
        ask(scene, table, columns, to, span, found);
    }
}

fn ask(
    scene: &Scene<'_>,
    table: &Name,
    columns: &[String],
    to: &Reference,
    span: Span,
    found: &mut Found,
) {
    let object = format!("{}({})", table.shown(), columns.join(", "));
    let question = Question::Orphans {
        table: table.clone(),
        columns: columns.to_vec(),
        to: to.table.clone(),
        referenced: to.columns.clone(),
    };
    match scene.facts.count(&question) {
        Some(0) => {}
        Some(rows) => {
            let finding = found.add(span, object.as_str());
            let to = to.table.shown();
            finding.because(format!("fails: {rows} rows of {object} refer to no row of {to}"));
        }
        None => drop(found.add(span, object).possible()),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn keys() {
        let add = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)";
        for rule in [postgres("L26"), mysql("L26")] {
            rule.check(add, "L26? 1:15 t(a)");
            rule.check(&format!("CREATE TABLE t (a int);\n{add}"), "");
            rule.check(&format!("ALTER TABLE t ADD a int;\n{add}"), "");
            rule.knows("orphans t(a)", 0).check(add, "");
            let some = rule.knows("orphans t(a)", 2);
            some.says(add, "fails: 2 rows of t(a) refer to no row of p");
        }
        postgres("L26").check(&format!("{add} NOT VALID"), "");
        postgres("L26").check("ALTER TABLE t ADD a int DEFAULT 1 REFERENCES p", "L26? 1:15 t(a)");
    }

    #[test]
    fn in_a_rebuild() {
        let rebuild = "CREATE TABLE new (a int REFERENCES p(id));\n\
                       INSERT INTO new SELECT a FROM t;\nDROP TABLE t;\n\
                       ALTER TABLE new RENAME TO t";
        sqlite("L26").after("CREATE TABLE t (a int)").check(rebuild, "L26? 1:1 t(a)");
        sqlite("L26").after("CREATE TABLE t (a int REFERENCES p(id))").check(rebuild, "");
    }
}
