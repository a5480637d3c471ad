//! L01: a table is dropped with its rows.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L01",
    name: "drop-table",
    loses: true,
    says: "{} is dropped with its rows",
    rewrite: "make sure that nothing reads it and that a backup has it; rename it first and drop \
        it \
              in a later release",
    atlas: &["DS102"],
    own: Servers::MRS,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    if matches!(hit.statement.kind, Kind::DropTable(_)) {
        check(hit.statement, scene, found);
    } else {
        found.add(hit.span, hit.object());
    }
}

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::DropTable(drop) = &statement.kind else { return };
    for table in drop.names.iter().filter(|table| scene.in_use(table)) {
        if drop.temporary || scene.is_rebuilt(table) || comes_back(statement, scene, table) {
            continue;
        }
        let finding = found.add(statement.span, table.shown());
        if let Some(rows) = scene.rows(table) {
            finding.because(format!("{} is dropped with its {rows} rows", table.shown()));
        }
    }
}

/// L05 says it.
fn comes_back(statement: &Statement, scene: &Scene<'_>, table: &Name) -> bool {
    let creates =
        |one: &Statement| matches!(&one.kind, Kind::CreateTable(new) if new.name == *table);
    scene.after(statement).iter().any(creates)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn tables() {
        for rule in [postgres("L01"), mysql("L01"), sqlite("L01")] {
            rule.check("DROP TABLE users", "L01 1:1 users");
            rule.check("SELECT 1;\nDROP TABLE IF EXISTS a.users", "L01 2:1 a.users");
            rule.check("CREATE TABLE t (a int);\nDROP TABLE t", "");
            rule.check("DROP VIEW v", "");
            rule.knows("rows users", 0).check("DROP TABLE users", "");
            // the database knows it under its old name
            let renamed = "ALTER TABLE a RENAME TO users;\nDROP TABLE users";
            rule.knows("rows users", 0).check(renamed, "L01 2:1 users");
            let rows = rule.knows("rows users", 7);
            rows.says("DROP TABLE users", "users is dropped with its 7 rows");
        }
        postgres("L01").check("DROP TABLE a, b CASCADE", "L01 1:1 a; L01 1:1 b");
        mysql("L01").check("DROP TEMPORARY TABLE a", "");
        let elsewhere = "SET search_path = archive;\nDROP TABLE users";
        postgres("L01").knows("rows users", 0).check(elsewhere, "L01 2:1 users");
    }

    #[test]
    fn a_rebuild_keeps_the_rows() {
        let rebuild = "CREATE TABLE new (id integer);\nINSERT INTO new SELECT id FROM users;\n\
                       DROP TABLE users;\nALTER TABLE new RENAME TO users";
        sqlite("L01").check(rebuild, "");
        mysql("L01").check(rebuild, "L01 3:1 users");
    }
}
