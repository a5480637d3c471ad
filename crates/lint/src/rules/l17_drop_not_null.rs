//! L17: a column may be null from now on, and code that reads it does not know.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L17",
    name: "drop-not-null",
    level: Level::Warning,
    says: "code that is running does not expect {} to be null",
    rewrite: "deploy code that reads nulls first (Option<…>), then allow them",
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    match hit.action() {
        Some((table, action)) => {
            let Does::DropNotNull(column) = &action.does else { return };
            if scene.in_use(table) && !scene.state.is_new_column(table, column) {
                found.add(action.span, table.column(column));
            }
        }
        None => drop(found.add(hit.span, hit.object())),
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::Modify { column, to } = &action.does else { continue };
        if !to.not_null && !to.primary_key && was_required(scene, table, column) {
            found.add(action.span, table.column(column));
        }
    }
    let Kind::CreateTable(create) = &statement.kind else { return };
    let rebuilds = scene.rebuilds();
    let Some(rebuild) = rebuilds.iter().find(|one| one.create == statement.index) else { return };
    for column in create.columns.iter().filter(|column| !column.not_null && !column.primary_key) {
        let listed = create.constraints.iter().any(|one| one.columns.contains(&column.name));
        if !listed && was_required(scene, &rebuild.old, &column.name) {
            found.add(statement.span, rebuild.old.column(&column.name));
        }
    }
}

fn was_required(scene: &Scene<'_>, table: &Name, column: &str) -> bool {
    let known = scene.start.table(table);
    let is_key = known.is_some_and(|known| known.primary_key.iter().any(|one| one == column));
    !is_key && known.and_then(|known| known.column(column)).is_some_and(|column| column.not_null)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn columns() {
        let drop = "ALTER TABLE t ALTER COLUMN a DROP NOT NULL";
        postgres("L17").check(drop, "L17 1:15 t.a");
        postgres("L17").check(&format!("CREATE TABLE t (a int NOT NULL);\n{drop}"), "");
        let rule = mysql("L17");
        rule.after("CREATE TABLE t (a int NOT NULL)")
            .check("ALTER TABLE t MODIFY a int", "L17 1:15 t.a");
        rule.after("CREATE TABLE t (a int)").check("ALTER TABLE t MODIFY a int", "");
        let rebuild = "CREATE TABLE new (a int);\nINSERT INTO new SELECT a FROM t;\n\
                       DROP TABLE t;\nALTER TABLE new RENAME TO t";
        sqlite("L17").after("CREATE TABLE t (a int NOT NULL)").check(rebuild, "L17 1:1 t.a");
    }
}
