//! L20: a column that SQLite cannot add to a table.

use crate::Servers;
use crate::found::Found;
use crate::read::{Column, Does, Generated, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L20",
    name: "column-sqlite-cannot-add",
    servers: Servers::S,
    says: "SQLite cannot add {}",
    rewrite: "rebuild the table: create the new form, copy the rows, drop the old one, rename",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        // a table without rows takes all but a key
        let has_rows = scene.in_use(table);
        let Some(why) = refusal(column, has_rows) else { continue };
        let object = table.column(&column.name);
        let finding = found.add(action.span, object.as_str());
        finding.because(format!("SQLite cannot add {object}: {why}"));
    }
}

/// From sqlite3AlterFinishAddColumn(), each tried.
fn refusal(column: &Column, has_rows: bool) -> Option<&'static str> {
    let default = column.default.as_ref().filter(|default| !default.is_null());
    let constant =
        default.is_none_or(|default| default.calls.is_empty() && !default.text.starts_with('('));
    if column.primary_key {
        Some("it is a primary key")
    } else if column.unique {
        Some("it is unique")
    } else if has_rows && !constant {
        Some("its default is not a constant")
    } else if has_rows && column.generated == Some(Generated::Stored) {
        Some("it is generated and stored")
    } else if has_rows && column.references.is_some() && default.is_some() {
        Some("it refers to another table and has a default")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn columns() {
        let rule = sqlite("L20");
        let add = |column: &str| format!("ALTER TABLE t ADD COLUMN {column}");
        let refused = [
            "a integer PRIMARY KEY",
            "a text UNIQUE",
            "a text DEFAULT CURRENT_TIMESTAMP",
            "a text DEFAULT (1 + 1)",
            "a int AS (b) STORED",
            "a int DEFAULT 1 REFERENCES p(id)",
        ];
        for column in refused {
            rule.check(&add(column), "L20 1:15 t.a");
        }
        for column in ["a int DEFAULT -1", "a int AS (b)", "a int REFERENCES p(id)", "a"] {
            rule.check(&add(column), "");
        }
        rule.knows("rows t", 0).check(&add("a text DEFAULT CURRENT_TIMESTAMP"), "");
        rule.knows("rows t", 0).check(&add("a text UNIQUE"), "L20 1:15 t.a");
    }
}
