//! K18: dropping a table locks every table that it refers to.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K18",
    name: "drop-table-with-foreign-keys",
    servers: Servers::P,
    level: Level::Warning,
    says: "dropping {} locks every table that it refers to, together",
    rewrite: "drop its foreign keys one by one before, each in a transaction of its own",
    check: Check::Statement(check),
    ..Rule::BASE
};

/// One is locked for a moment.
const KEYS_MAX: usize = 1;

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::DropTable(drop) = &statement.kind else { return };
    for table in drop.names.iter().filter(|table| !scene.state.is_new(table)) {
        let Some(known) = scene.state.table(table) else { continue };
        let mut tables: Vec<&str> =
            known.foreign_keys.iter().map(|key| key.table.shown()).collect();
        tables.sort_unstable();
        tables.dedup();
        if tables.len() > KEYS_MAX {
            let finding = found.add(statement.span, table.shown());
            let (table, others) = (table.shown(), tables.join(", "));
            finding.because(format!("dropping {table} locks {others} together"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn tables() {
        let two = "CREATE TABLE t (a int REFERENCES p, b int REFERENCES q)";
        let rule = postgres("K18");
        rule.after(two).check("DROP TABLE t", "K18 1:1 t");
        rule.after("CREATE TABLE t (a int REFERENCES p)").check("DROP TABLE t", "");
        let before = "ALTER TABLE t DROP CONSTRAINT t_a_fkey;\nDROP TABLE t";
        rule.after(two).check(before, "");
        rule.check("DROP TABLE t", "");
    }
}
