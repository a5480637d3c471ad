//! L18: SQLite: a table is dropped while others refer to it.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L18",
    name: "drop-referenced-table",
    servers: Servers::S,
    says: "rows that refer to {} lose it",
    rewrite: "drop the referring tables, or rebuild them without the foreign key, before",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if rebuild_in_a_block(statement, scene) {
        let finding = found.add(statement.span, "");
        finding.because("inside BEGIN this pragma does nothing: DROP TABLE deletes referring rows");
        finding
            .help("leave BEGIN, COMMIT and the pragma out: the tool turns foreign keys off itself");
        finding.doubtful();
    }
    let Kind::DropTable(drop) = &statement.kind else { return };
    for table in drop.names.iter().filter(|table| !scene.is_rebuilt(table)) {
        let in_use = |child: &&crate::state::Table| {
            scene.in_use(&child.name) && !drop.names.contains(&child.name)
        };
        let Some(child) = scene.state.referring(table).find(in_use) else { continue };
        if is_dropped_later(statement, scene, &child.name) || comes_back(statement, scene, table) {
            continue;
        }
        let (shown, child) = (table.shown(), child.name.shown());
        let finding = found.add(statement.span, shown);
        finding.because(format!("{child} refers to {shown}: its rows would refer to nothing"));
    }
}

/// `PRAGMA foreign_keys` after `BEGIN`, in a file that drops a table: other tools run it like this.
fn rebuild_in_a_block(statement: &Statement, scene: &Scene<'_>) -> bool {
    let is_pragma = matches!(&statement.kind, Kind::Pragma { name, .. } if name == "foreign_keys");
    let drops = |one: &Statement| matches!(one.kind, Kind::DropTable(_));
    let begins = |one: &Statement| one.effects.control == Some(xtask_db_sql::Control::Begin);
    is_pragma
        && scene.before(statement).iter().any(begins)
        && scene.after(statement).iter().any(drops)
}

fn is_dropped_later(statement: &Statement, scene: &Scene<'_>, table: &Name) -> bool {
    scene
        .after(statement)
        .iter()
        .any(|one| matches!(&one.kind, Kind::DropTable(drop) if drop.names.contains(table)))
}

fn comes_back(statement: &Statement, scene: &Scene<'_>, table: &Name) -> bool {
    scene
        .after(statement)
        .iter()
        .any(|one| matches!(&one.kind, Kind::CreateTable(create) if create.name == *table))
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn tables() {
        let rule = sqlite("L18")
            .after("CREATE TABLE p (id integer PRIMARY KEY);\nCREATE TABLE c (p REFERENCES p(id))");
        rule.check("DROP TABLE p", "L18 1:1 p");
        rule.check("DROP TABLE c;\nDROP TABLE p", "");
        rule.check("DROP TABLE p;\nDROP TABLE c", "");
        rule.knows("rows c", 0).check("DROP TABLE p", "");
        let rebuild = "CREATE TABLE new (id integer);\nDROP TABLE p;\nALTER TABLE new RENAME TO p";
        rule.check(rebuild, "");
        let block = "BEGIN;\nPRAGMA foreign_keys = OFF;\nCREATE TABLE new (id integer);\n\
                     DROP TABLE p;\nALTER TABLE new RENAME TO p;\nCOMMIT";
        rule.check(block, "L18? 2:1");
    }
}
