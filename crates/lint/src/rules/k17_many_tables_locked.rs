//! K17: one transaction locks many tables, one after the other, until it commits.

use std::collections::BTreeSet;

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K17",
    name: "many-tables-locked",
    servers: Servers::P,
    level: Level::Warning,
    says: "one transaction holds the locks of {} until it commits, and may deadlock with others",
    rewrite: "change each table in a migration of its own",
    check: Check::Migration(check),
    ..Rule::BASE
};

/// Two may belong together.
const TABLES_MAX: usize = 2;

fn check(scene: &Scene<'_>, found: &mut Found) {
    let steps: BTreeSet<usize> = scene.file.steps.iter().copied().collect();
    for step in steps {
        let of_step = scene
            .file
            .statements
            .iter()
            .filter(|one| scene.file.steps.get(one.index) == Some(&step));
        let mut locked: Vec<Name> = Vec::new();
        for statement in of_step {
            let before = locked.len();
            for table in locks(statement) {
                if scene.in_use(&table) && !locked.contains(&table) {
                    locked.push(table);
                }
            }
            if before <= TABLES_MAX && locked.len() > TABLES_MAX {
                let names: Vec<&str> = locked.iter().map(Name::shown).collect();
                found.add_to(statement, names.join(", "));
            }
        }
    }
}

/// The tables whose readers or writers wait: those that are altered, and those that a new foreign
/// key refers to.
fn locks(statement: &Statement) -> Vec<Name> {
    let mut tables = Vec::new();
    if let Kind::AlterTable(alter) = &statement.kind {
        tables.push(alter.table.clone());
    }
    for (_, action) in statement.kind.actions() {
        match &action.does {
            Does::Add(constraint) => {
                if let ConstraintKind::ForeignKey(to) = &constraint.kind {
                    tables.push(to.table.clone());
                }
            }
            Does::AddColumn(column) => {
                tables.extend(column.references.as_ref().map(|to| to.table.clone()));
            }
            _ => {}
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn tables() {
        let rule = postgres("K17");
        let three = "ALTER TABLE a ADD x int;\nALTER TABLE b ADD x int;\nALTER TABLE c ADD x int";
        rule.check(three, "K17 3:1 a, b, c");
        rule.check(
            "ALTER TABLE a ADD x int;\nALTER TABLE a ADD y int;\nALTER TABLE b ADD x int",
            "",
        );
        let keys = "ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b;\n\
                    ALTER TABLE c ADD FOREIGN KEY (x) REFERENCES d";
        rule.check(keys, "K17 2:1 a, b, c, d");
        rule.check(&format!("CREATE TABLE a (x int);\nCREATE TABLE b (x int);\n{three}"), "");
        let apart = "BEGIN;\nALTER TABLE a ADD x int;\nCOMMIT;\nBEGIN;\nALTER TABLE b ADD x int;\n\
                     ALTER TABLE c ADD x int;\nCOMMIT";
        rule.check(apart, "");
    }
}
