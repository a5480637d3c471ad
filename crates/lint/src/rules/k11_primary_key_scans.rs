//! K11: a primary key on columns that may be null reads every row first.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K11",
    name: "primary-key-scans",
    servers: Servers::P,
    level: Level::Warning,
    says: "{} may be null, so every row is read under the lock before it is a primary key",
    rewrite: "make the columns NOT NULL first, the way K09 says",
    blocks: Some(Blocks::All),
    atlas: &["PG304"],
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::Add(constraint) = &action.does else { continue };
        let ConstraintKind::PrimaryKey { using_index } = &constraint.kind else { continue };
        let Some(known) = scene.state.table(table) else { continue };
        let of_index = using_index.as_ref().and_then(|name| known.index(name));
        let columns: Vec<&String> = match of_index {
            Some(index) => index.index.columns.iter().flatten().collect(),
            None => constraint.columns.iter().collect(),
        };
        let nullable = columns.into_iter().find(|column| {
            known.column(column).is_some_and(|column| !column.not_null)
                && !known.is_checked_not_null(column)
        });
        if let Some(column) = nullable {
            found.add(action.span, table.column(column));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn keys() {
        let add = "ALTER TABLE t ADD PRIMARY KEY (a)";
        let using = "ALTER TABLE t ADD PRIMARY KEY USING INDEX i";
        let rule = postgres("K11");
        rule.after("CREATE TABLE t (a int)").check(add, "K11 1:15 t.a");
        rule.after("CREATE TABLE t (a int NOT NULL)").check(add, "");
        let index = "CREATE TABLE t (a int);\nCREATE UNIQUE INDEX i ON t (a)";
        rule.after(index).check(using, "K11 1:15 t.a");
        rule.check(add, "");
    }
}
