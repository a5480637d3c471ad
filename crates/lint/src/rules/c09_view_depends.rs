//! C09: a view reads what is changed or dropped.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "C09",
    name: "view-depends",
    says: "a view reads {}",
    rewrite: "drop the view before, and create it again after",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let column = match &action.does {
            Does::DropColumn(column) => column,
            Does::SetType { column, .. } => column,
            Does::RenameColumn { from, .. } if scene.is(Servers::MR) => from,
            _ => continue,
        };
        // SQLite's own words for it are L21's
        if scene.is_sqlite() {
            continue;
        }
        if let Some(view) = reader(scene, table, Some(column)) {
            let object = table.column(column);
            say(scene, found, action.span, &view, &object);
        }
    }
    let Kind::DropTable(drop) = &statement.kind else { return };
    for table in drop.names.iter().filter(|table| !scene.is_rebuilt(table)) {
        let cascades = drop.cascade && scene.is_postgres();
        if let Some(view) = reader(scene, table, None).filter(|_| !cascades) {
            say(scene, found, statement.span, &view, table.shown());
        }
    }
}

fn say(scene: &Scene<'_>, found: &mut Found, span: xtask_db_sql::Span, view: &Name, object: &str) {
    let finding = found.add(span, object);
    let view = view.shown();
    finding.because(if scene.is_postgres() {
        format!("the view {view} reads {object}: the statement is refused")
    } else {
        format!("the view {view} reads {object}, and fails from then on")
    });
}

/// A view whose query names the table and the column; none when it was dropped before.
fn reader(scene: &Scene<'_>, table: &Name, column: Option<&str>) -> Option<Name> {
    let mut views = scene.state.views();
    let found = views.find(|view| view.reads(table, column));
    found.map(|view| view.name.clone())
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn views() {
        let before = "CREATE TABLE t (a int, b int);\nCREATE VIEW v AS SELECT a FROM t";
        for rule in [postgres("C09").after(before), mysql("C09").after(before)] {
            rule.check("ALTER TABLE t DROP COLUMN a", "C09 1:15 t.a");
            rule.check("ALTER TABLE t DROP COLUMN b", "");
            rule.check("DROP TABLE t", "C09 1:1 t");
            rule.check("DROP VIEW v;\nALTER TABLE t DROP COLUMN a", "");
        }
        let rule = postgres("C09").after(before);
        rule.check("ALTER TABLE t ALTER a TYPE bigint", "C09 1:15 t.a");
        rule.says("DROP TABLE t", "the view v reads t: the statement is refused");
        rule.check("DROP TABLE t CASCADE", "");
        let joined = "CREATE TABLE t (id int, a int);\nCREATE VIEW v AS SELECT x.a FROM t AS x \
                      JOIN u ON u.id = x.a";
        postgres("C09").after(joined).check("ALTER TABLE t DROP COLUMN id", "");
        postgres("C09").after(joined).check("ALTER TABLE t DROP COLUMN a", "C09 1:15 t.a");
        let star = "CREATE TABLE t (id int);\nCREATE VIEW v AS SELECT * FROM t";
        postgres("C09").after(star).check("ALTER TABLE t DROP COLUMN id", "C09 1:15 t.id");
        let says = "the view v reads t.a, and fails from then on";
        mysql("C09").after(before).says("ALTER TABLE t RENAME COLUMN a TO c", says);
    }
}
