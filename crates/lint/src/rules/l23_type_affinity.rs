//! L23: SQLite takes a type for something else than its name says.

use crate::found::Found;
use crate::read::{Column, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L23",
    name: "type-affinity",
    servers: Servers::S,
    says: "{} is not of the type that its name says",
    rewrite: "write INTEGER, REAL, TEXT or BLOB",
    check: Check::Statement(check),
    ..Rule::BASE
};

/// The only types of a STRICT table.
const STRICT: [&str; 6] = ["int", "integer", "real", "text", "blob", "any"];
/// Types that are integers to other servers too.
const INTEGERS: [&str; 10] = [
    "int",
    "integer",
    "tinyint",
    "smallint",
    "mediumint",
    "bigint",
    "unsigned big int",
    "int2",
    "int4",
    "int8",
];

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if let Kind::CreateTable(create) = &statement.kind {
        let listed_key = |column: &Column| {
            create.constraints.iter().any(|one| {
                matches!(one.kind, crate::read::ConstraintKind::PrimaryKey { .. })
                    && one.columns == [column.name.clone()]
            })
        };
        for column in &create.columns {
            let key = column.primary_key || listed_key(column);
            judge(&create.name, column, create.strict, key && !create.without_rowid, found);
        }
    }
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        let strict = scene.state.table(table).is_some_and(|known| known.strict);
        judge(table, column, strict, false, found);
    }
}

fn judge(table: &Name, column: &Column, strict: bool, key: bool, found: &mut Found) {
    let Some(ty) = &column.ty else { return };
    let written = ty.text.to_lowercase();
    let base = written.split('(').next().unwrap_or_default().trim().to_owned();
    let object = table.column(&column.name);
    let (message, level) = if strict && !STRICT.contains(&base.as_str()) {
        (format!("a STRICT table has no type {}: {object}", ty.text), Level::Error)
    } else if key && base == "int" {
        (format!("{object} is INT, so no alias of the rowid: write INTEGER"), Level::Warning)
    } else if base.contains("int") && !INTEGERS.contains(&base.as_str()) {
        (format!("{object} is {}, which SQLite takes for an integer", ty.text), Level::Warning)
    } else if base == "string" {
        (format!("{object} is STRING, which SQLite takes for a number: write TEXT"), Level::Warning)
    } else {
        return;
    };
    found.add(ty.span, object).because(message).at_most(level);
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn types() {
        let rule = sqlite("L23");
        rule.check("CREATE TABLE t (a varchar(9)) STRICT", "L23 1:19 t.a");
        rule.check("CREATE TABLE t (a int, b ANY) STRICT", "");
        rule.check("CREATE TABLE t (a int PRIMARY KEY)", "L23 1:19 t.a");
        rule.check("CREATE TABLE t (a int, PRIMARY KEY (a))", "L23 1:19 t.a");
        rule.check("CREATE TABLE t (a int PRIMARY KEY) WITHOUT ROWID", "");
        rule.check("CREATE TABLE t (a INTEGER PRIMARY KEY, b varchar(9), c datetime, d)", "");
        rule.check("CREATE TABLE t (a string, b FLOATING POINT)", "L23 1:19 t.a; L23 1:29 t.b");
        let strict = rule.after("CREATE TABLE t (a int) STRICT");
        strict.check("ALTER TABLE t ADD b datetime", "L23 1:21 t.b");
    }
}
