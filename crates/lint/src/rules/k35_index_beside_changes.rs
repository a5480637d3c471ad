//! K35: an index is built on a table in use, beside other changes.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K35",
    name: "index-beside-changes",
    servers: Servers::PMR,
    level: Level::Warning,
    says: "the other changes wait for the index on {}, or hold their locks while it is built",
    rewrite: "build the index in a migration of its own",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    let statements = &scene.file.statements;
    if !statements.iter().any(|one| changes(one, scene)) {
        return;
    }
    for statement in statements {
        let table = match &statement.kind {
            Kind::CreateIndex(create) => &create.table,
            Kind::AlterTable(alter)
                if alter.actions.iter().any(|one| matches!(one.does, Does::AddIndex(_))) =>
            {
                &alter.table
            }
            _ => continue,
        };
        if scene.in_use(table) && !scene.is_small(table) {
            found.add_to(statement, table.shown());
        }
    }
}

/// A table in use is altered, in another way than by an index.
fn changes(statement: &Statement, scene: &Scene<'_>) -> bool {
    let is_index =
        |does: &Does| matches!(does, Does::AddIndex(_) | Does::DropIndex(_) | Does::Option { .. });
    statement.kind.actions().any(|(table, one)| scene.in_use(table) && !is_index(&one.does))
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn indexes() {
        let index = "CREATE INDEX i ON t (a)";
        let change = "ALTER TABLE u ADD a int";
        for rule in [postgres("K35"), mysql("K35")] {
            rule.check(&format!("{change};\n{index}"), "K35 2:1 t");
            rule.check(index, "");
            rule.check(&format!("{index};\nDROP INDEX j ON t"), "");
            rule.check(&format!("CREATE TABLE t (a int);\n{change};\n{index}"), "");
            rule.check(&format!("CREATE TABLE u (b int);\n{change};\n{index}"), "");
            rule.knows("rows t", 10).check(&format!("{change};\n{index}"), "");
        }
        mysql("K35").check("ALTER TABLE t ADD a int, ADD INDEX i (a)", "K35 1:1 t");
    }
}
