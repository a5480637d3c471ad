//! K15: before PostgreSQL 11 any default makes the table be written again.

use crate::Servers;
use crate::found::Found;
use crate::read::{Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "K15",
    name: "default-rewrites",
    servers: Servers::P,
    says: "before PostgreSQL 11 the table is written again for the default of {}",
    rewrite: "add the column without a default, set the default for new rows, and backfill the rest",
    blocks: Some(Blocks::All),
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if !scene.server.is_before(11, 0) {
        return;
    }
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::AddColumn(column) = &action.does else { continue };
        // one with a value of its own in each row is K14's
        let constant = column
            .default
            .as_ref()
            .is_some_and(|default| !default.is_null() && default.calls.is_empty());
        if constant {
            found.add(action.span, table.column(&column.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Family;
    use crate::check::{on, postgres};

    #[test]
    fn versions() {
        let add = "ALTER TABLE t ADD COLUMN a int DEFAULT 1";
        on("K15", Family::Postgres, Some((10, 4))).check(add, "K15 1:15 t.a");
        on("K15", Family::Postgres, Some((15, 0))).check(add, "");
        postgres("K15").check(add, "");
    }
}
