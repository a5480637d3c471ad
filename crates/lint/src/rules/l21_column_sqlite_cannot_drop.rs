//! L21: a column that SQLite cannot drop, because something uses it.

use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::state::Table;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L21",
    name: "column-sqlite-cannot-drop",
    servers: Servers::S,
    says: "SQLite cannot drop {}",
    rewrite: "drop what uses it before; a column of a key, a check or a foreign key goes with a \
              rebuild of the table",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::DropColumn(column) = &action.does else { continue };
        let Some(known) = scene.state.table(table) else { continue };
        let used = used_by(known, column).or_else(|| view_with(scene, table, column));
        if let Some(by) = used {
            let object = table.column(column);
            let finding = found.add(action.span, object.as_str());
            finding.because(format!("SQLite cannot drop {object}: {by} uses it"));
        }
    }
}

/// Each tried; a check or a reference that the column itself has goes with it.
fn used_by(table: &Table, column: &str) -> Option<String> {
    if table.primary_key.iter().any(|one| one == column) {
        return Some("the primary key".to_owned());
    }
    let name = Some(column.to_owned());
    let index = table.indexes.iter().find(|known| known.index.columns.contains(&name));
    if let Some(known) = index {
        let shown = known.index.name.clone().filter(|_| !known.constraint);
        return Some(shown.map_or("a unique key".to_owned(), |name| format!("the index {name}")));
    }
    let other = |names: &[String]| names.iter().any(|one| one != column);
    let check = table
        .checks
        .iter()
        .find(|check| check.condition.has(column) && other(&check.condition.names));
    if let Some(check) = check {
        return Some(format!("the check {}", check.condition.text));
    }
    let listed = |key: &&crate::state::ForeignKey| key.columns.len() > 1;
    let key = table
        .foreign_keys
        .iter()
        .filter(listed)
        .find(|key| key.columns.iter().any(|one| one == column));
    key.map(|key| format!("the foreign key to {}", key.table.shown()))
}

fn view_with(scene: &Scene<'_>, table: &Name, column: &str) -> Option<String> {
    let mut views = scene.state.views();
    let reads = views.find(|view| view.reads(table, Some(column)));
    reads.map(|view| format!("the view {}", view.name.shown()))
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn columns() {
        let drop = "ALTER TABLE t DROP COLUMN a";
        let users = [
            "CREATE TABLE t (a int PRIMARY KEY, b int)",
            "CREATE TABLE t (a int UNIQUE, b int)",
            "CREATE TABLE t (a int, b int, CHECK (a < b))",
            "CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p)",
            "CREATE TABLE t (a int, b int);\nCREATE INDEX i ON t (b, a)",
            "CREATE TABLE t (a int, b int);\nCREATE VIEW v AS SELECT a FROM t",
        ];
        for before in users {
            sqlite("L21").after(before).check(drop, "L21 1:15 t.a");
        }
        sqlite("L21").after("CREATE TABLE t (a int CHECK (a > 0), b int)").check(drop, "");
        sqlite("L21").after("CREATE TABLE t (a int REFERENCES p, b int)").check(drop, "");
        let indexed =
            sqlite("L21").after("CREATE TABLE t (a int, b int);\nCREATE INDEX i ON t (a)");
        indexed.check(&format!("DROP INDEX i;\n{drop}"), "");
        sqlite("L21").check(drop, "");
    }
}
