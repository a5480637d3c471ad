//! C01: a table is renamed under running code.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C01",
    name: "rename-table",
    says: "code that is running does not find {} any more",
    rewrite: "rename it and create a view with the old name in the same migration; drop the view \
              when no code uses it",
    atlas: &["BC101"],
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    check(hit.statement, scene, found);
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if let Kind::RenameTables(pairs) = &statement.kind {
        for (from, _) in pairs.iter().filter(|(from, _)| is_missed(from, scene)) {
            found.add(statement.span, from.shown());
        }
    }
    for (table, action) in statement.kind.actions() {
        if matches!(action.does, Does::RenameTable(_)) && is_missed(table, scene) {
            found.add(action.span, table.shown());
        }
    }
}

/// It was there before, and nothing takes its name.
fn is_missed(table: &Name, scene: &Scene<'_>) -> bool {
    let named = |one: &Statement| match &one.kind {
        Kind::CreateView(view) => view.name == *table,
        Kind::CreateTable(create) => create.name == *table,
        _ => false,
    };
    !scene.state.is_new(table)
        && !scene.is_rebuilt(table)
        && !scene.file.statements.iter().any(named)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn tables() {
        for rule in [postgres("C01"), mysql("C01"), sqlite("C01")] {
            rule.check("ALTER TABLE users RENAME TO people", "C01 1:19 users");
            rule.check("CREATE TABLE t (a int);\nALTER TABLE t RENAME TO u", "");
            let view = "ALTER TABLE a RENAME TO b;\nCREATE VIEW a AS SELECT * FROM b";
            rule.check(view, "");
        }
        mysql("C01").check("RENAME TABLE a TO b, c TO d", "C01 1:1 a; C01 1:1 c");
        mysql("C01").check("ALTER TABLE a RENAME b", "C01 1:15 a");
        mysql("C01").check("ALTER TABLE a RENAME INDEX i TO j, RENAME COLUMN c TO d", "");
    }
}
