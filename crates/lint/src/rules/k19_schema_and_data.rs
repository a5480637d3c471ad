//! K19: rows are changed in the migration that changes the schema.

use crate::found::Found;
use crate::read::{Kind, Source, Statement, Write, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K19",
    name: "schema-and-data",
    servers: Servers::PMR,
    level: Level::Warning,
    says: "rows of {} are changed while the locks of the schema change are held",
    rewrite: "change the schema in one migration and the rows in the next, or in backfill.sql",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    let statements = &scene.file.statements;
    let changes: Vec<&Statement> = statements.iter().filter(|one| alters(one, scene)).collect();
    for statement in statements {
        let Some(write) = statement.kind.writes().iter().find(|write| is_long(write, scene)) else {
            continue;
        };
        // MySQL commits each, but the whole file waits for the rows all the same
        let held = |one: &&&Statement| {
            scene.is(Servers::MR) || (scene.together(one, statement) && one.index < statement.index)
        };
        if changes.iter().any(|one| held(&one)) {
            found.add_to(statement, write.table.shown());
        }
    }
}

fn alters(statement: &Statement, scene: &Scene<'_>) -> bool {
    match &statement.kind {
        Kind::AlterTable(alter) => scene.in_use(&alter.table),
        Kind::CreateIndex(create) => scene.in_use(&create.table),
        Kind::DropTable(_) | Kind::DropIndex(_) => true,
        _ => false,
    }
}

/// Not a row or two of values; a table that others use.
fn is_long(write: &Write, scene: &Scene<'_>) -> bool {
    let many = match &write.does {
        Writes::Insert(insert) => matches!(insert.source, Source::Query { .. }),
        Writes::Update { .. } | Writes::Delete { .. } => true,
    };
    many && scene.in_use(&write.table) && !scene.is_small(&write.table)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn migrations() {
        let both = "ALTER TABLE t ADD a int;\nUPDATE t SET a = 1";
        for rule in [postgres("K19"), mysql("K19")] {
            rule.check(both, "K19 2:1 t");
            rule.check("UPDATE t SET a = 1", "");
            rule.check("ALTER TABLE t ADD a int;\nINSERT INTO t VALUES (1)", "");
            rule.check("CREATE TABLE t (a int);\nINSERT INTO t SELECT 1", "");
            rule.knows("rows t", 9).check(both, "");
        }
        // before the lock is taken
        postgres("K19").check("UPDATE t SET a = 1;\nALTER TABLE t ALTER a SET NOT NULL", "");
        mysql("K19").check("UPDATE t SET a = 1;\nALTER TABLE t MODIFY a int NOT NULL", "K19 1:1 t");
    }
}
