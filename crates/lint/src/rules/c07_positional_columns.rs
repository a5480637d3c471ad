//! C07: rows are written by the position of columns, which a new column moves.

use crate::found::Found;
use crate::read::{Does, Insert, Source, Statement, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name};

pub(super) const RULE: Rule = Rule {
    id: "C07",
    name: "positional-columns",
    level: Level::Warning,
    says: "columns of {} are filled by position: one more, or another order, and values go astray",
    rewrite: "name the columns: INSERT INTO t (a, b) SELECT a, b FROM …",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for write in statement.kind.writes() {
        let Writes::Insert(insert) = &write.does else { continue };
        if insert.columns.is_some() {
            continue;
        }
        let star = matches!(insert.source, Source::Query { star: true, .. });
        if is_copy_of_rebuild(scene, &write.table, insert) {
            let finding = found.add(write.span, write.table.shown());
            if !star {
                finding.at_most(Level::Note);
            }
        } else if scene.in_use(&write.table) {
            let grew = grew(statement, scene, &write.table);
            let finding = found.add(write.span, write.table.shown());
            if !grew && !star {
                finding.at_most(Level::Note);
            }
        }
    }
}

/// SQLite: the copy of a rebuild.
fn is_copy_of_rebuild(scene: &Scene<'_>, table: &Name, insert: &Insert) -> bool {
    let Source::Query { from: Some(from), .. } = &insert.source else { return false };
    scene.rebuilds().iter().any(|one| {
        (one.new == *table && one.old == *from) || (one.old == *table && one.new == *from)
    })
}

/// A column was added to it in this file.
fn grew(statement: &Statement, scene: &Scene<'_>, table: &Name) -> bool {
    let actions = scene.before(statement).iter().flat_map(|one| one.kind.actions());
    let mut added = actions.filter(|(on, _)| *on == table);
    added.any(|(_, action)| matches!(action.does, Does::AddColumn(_)))
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn inserts() {
        for rule in [postgres("C07"), mysql("C07"), sqlite("C07")] {
            rule.check("INSERT INTO t VALUES (1, 2)", "C07 1:1 t");
            rule.check("INSERT INTO t (a, b) VALUES (1, 2)", "");
            rule.check("INSERT INTO t SELECT * FROM u", "C07 1:1 t");
            rule.check("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1)", "");
        }
        let rebuild = |columns: &str| {
            format!(
                "CREATE TABLE new (a int);\nINSERT INTO new {columns} FROM t;\nDROP TABLE t;\n\
                     ALTER TABLE new RENAME TO t"
            )
        };
        sqlite("C07").check(&rebuild("SELECT *"), "C07 2:1 new");
        sqlite("C07").check(&rebuild("(a) SELECT a"), "");
    }
}
