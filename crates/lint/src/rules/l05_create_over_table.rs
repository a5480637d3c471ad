//! L05: a table is made again in place of one with rows.

use crate::Name;
use crate::found::Found;
use crate::read::{Kind, Source, Statement, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L05",
    name: "create-over-table",
    says: "{} is dropped with its rows and made again empty",
    rewrite: "change the table with ALTER TABLE; if its rows are not wanted, drop it in a migration \
              of its own",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    let table = &create.name;
    let dropped = scene.start.table(table).is_none_or(|known| !known.columns.is_empty())
        && was_dropped(statement, scene, table);
    let replaced = create.or_replace && !scene.state.is_new(table);
    if (!dropped && !replaced) || create.temporary || scene.rows(table) == Some(0) {
        return;
    }
    if !is_filled_again(statement, scene, table) {
        found.add(statement.span, table.shown());
    }
}

/// It was dropped in this file, and not made in it before that.
fn was_dropped(statement: &Statement, scene: &Scene<'_>, table: &Name) -> bool {
    let mut made = false;
    for one in scene.before(statement) {
        match &one.kind {
            Kind::CreateTable(create) => made |= create.name == *table,
            Kind::DropTable(drop) if drop.names.contains(table) => return !made,
            _ => {}
        }
    }
    false
}

/// Its rows come back from a copy that was made in this file.
fn is_filled_again(statement: &Statement, scene: &Scene<'_>, table: &Name) -> bool {
    let made = |from: &Name| {
        scene
            .file
            .statements
            .iter()
            .any(|one| matches!(&one.kind, Kind::CreateTable(create) if create.name == *from))
    };
    scene.after(statement).iter().flat_map(|one| one.kind.writes()).any(|write| {
        write.table == *table
            && matches!(&write.does, Writes::Insert(insert)
                if matches!(&insert.source, Source::Query { from: Some(from), .. } if made(from)))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql, postgres, sqlite};

    #[test]
    fn tables() {
        let again = "DROP TABLE IF EXISTS t;\nCREATE TABLE t (a int)";
        for rule in [postgres("L05"), mysql("L05"), mariadb("L05"), sqlite("L05")] {
            rule.check(again, "L05 2:1 t");
            rule.check("CREATE TABLE t (a int)", "");
            rule.check("CREATE TABLE t (a int);\nDROP TABLE t;\nCREATE TABLE t (b int)", "");
            rule.knows("rows t", 0).check(again, "");
        }
        mariadb("L05").check("CREATE OR REPLACE TABLE t (a int)", "L05 1:1 t");
        mariadb("L05").check("CREATE OR REPLACE TEMPORARY TABLE t (a int)", "");
    }

    #[test]
    fn rows_that_come_back() {
        let copy = "CREATE TEMP TABLE copy AS SELECT * FROM t;\nDROP TABLE t;\n\
                    CREATE TABLE t (a int);\nINSERT INTO t SELECT * FROM copy";
        sqlite("L05").check(copy, "");
    }
}
