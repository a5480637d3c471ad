//! L10: a unique key is added to rows that may be equal.

use xtask_db_sql::Span;

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Index, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Question};

pub(super) const RULE: Rule = Rule {
    id: "L10",
    name: "unique-on-duplicates",
    says: "fails where rows are equal in {}",
    rewrite: "count the duplicates first: SELECT … GROUP BY … HAVING count(*) > 1; settle them in a \
              migration before",
    atlas: &["MF101", "MF102"],
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if let Kind::CreateIndex(create) = &statement.kind
        && create.index.unique
    {
        of_index(scene, &create.table, &create.index, statement.span, found);
    }
    for (table, action) in statement.kind.actions() {
        match &action.does {
            Does::AddIndex(index) if index.unique => {
                of_index(scene, table, index, action.span, found);
            }
            Does::Add(constraint) => match &constraint.kind {
                ConstraintKind::Unique { using_index: None }
                | ConstraintKind::PrimaryKey { using_index: None } => {
                    unique(scene, table, &constraint.columns, action.span, found);
                }
                _ => {}
            },
            // one value for all rows
            Does::AddColumn(column)
                if (column.unique || column.primary_key)
                    && column.default.as_ref().is_some_and(|value| value.calls.is_empty()) =>
            {
                unique(scene, table, std::slice::from_ref(&column.name), action.span, found);
            }
            _ => {}
        }
    }
}

fn of_index(scene: &Scene<'_>, table: &Name, index: &Index, span: Span, found: &mut Found) {
    let columns: Option<Vec<String>> = index.columns.iter().cloned().collect();
    match columns {
        Some(columns) if !index.partial => unique(scene, table, &columns, span, found),
        _ if scene.in_use(table) => drop(found.add(span, table.shown()).possible()),
        _ => {}
    }
}

fn unique(scene: &Scene<'_>, table: &Name, columns: &[String], span: Span, found: &mut Found) {
    let is_new = |column: &String| {
        let known = scene.state.column(table, column);
        scene.state.is_new_column(table, column) && known.is_some_and(|column| !column.default)
    };
    let empty = !columns.is_empty() && columns.iter().all(is_new);
    if !scene.in_use(table) || empty || is_unique(scene, table, columns) {
        return;
    }
    let object = format!("{}({})", table.shown(), columns.join(", "));
    let question = Question::Duplicates { table: table.clone(), columns: columns.to_vec() };
    match scene.facts.count(&question) {
        Some(0) => {}
        Some(groups) => {
            let finding = found.add(span, object.as_str());
            finding.because(format!("fails: {groups} groups of rows are equal in {object}"));
        }
        None => drop(found.add(span, object).possible()),
    }
}

/// Some of the columns are a key already.
fn is_unique(scene: &Scene<'_>, table: &Name, columns: &[String]) -> bool {
    let Some(known) = scene.state.table(table) else { return false };
    let within = |key: &[String]| !key.is_empty() && key.iter().all(|one| columns.contains(one));
    let keys = known.indexes.iter().filter(|one| one.index.unique && !one.index.partial);
    within(&known.primary_key)
        || keys
            .filter_map(|one| one.index.columns.iter().cloned().collect::<Option<Vec<_>>>())
            .any(|key| within(&key))
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn keys() {
        let index = "CREATE UNIQUE INDEX i ON t (a, b)";
        for rule in [postgres("L10"), mysql("L10"), sqlite("L10")] {
            rule.check(index, "L10? 1:1 t(a, b)");
            rule.check("CREATE INDEX i ON t (a)", "");
            rule.check(&format!("CREATE TABLE t (a int, b int);\n{index}"), "");
            rule.check("ALTER TABLE t ADD a int;\nCREATE UNIQUE INDEX i ON t (a)", "");
            rule.after("CREATE TABLE t (a int PRIMARY KEY, b int)").check(index, "");
            rule.knows("duplicates t(a,b)", 0).check(index, "");
            let some = rule.knows("duplicates t(a,b)", 2);
            some.says(index, "fails: 2 groups of rows are equal in t(a, b)");
        }
        postgres("L10").check("CREATE UNIQUE INDEX i ON t (lower(a))", "L10? 1:1 t");
        postgres("L10").check("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", "L10? 1:15 t(a)");
        postgres("L10").check("ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i", "");
        mysql("L10").check("ALTER TABLE t ADD UNIQUE KEY k (a)", "L10? 1:15 t(a)");
        mysql("L10").check("ALTER TABLE t ADD b int DEFAULT 0 UNIQUE", "L10? 1:15 t(b)");
    }
}
