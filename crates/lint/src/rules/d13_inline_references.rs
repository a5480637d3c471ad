//! D13: MySQL reads REFERENCES at a column and does nothing with it.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D13",
    name: "inline-references",
    servers: Servers::M,
    level: Level::Warning,
    says: "MySQL makes no foreign key of the REFERENCES at {}",
    rewrite: "FOREIGN KEY (…) REFERENCES … behind the columns; MariaDB takes both",
    atlas: &["MY102"],
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    if let Kind::CreateTable(create) = &statement.kind {
        for column in create.columns.iter().filter(|column| column.references.is_some()) {
            found.add(statement.span, create.name.column(&column.name));
        }
    }
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        if column.references.is_some() {
            found.add(action.span, table.column(&column.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql};

    #[test]
    fn columns() {
        let table = "CREATE TABLE t (a int REFERENCES p (id))";
        mysql("D13").check(table, "D13 1:1 t.a");
        mysql("D13").check("CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id))", "");
        mariadb("D13").check(table, "");
    }
}
