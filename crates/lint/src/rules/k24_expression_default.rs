//! K24: MySQL copies the table for a default that is an expression.

use crate::found::Found;
use crate::read::{Column, Does, Statement};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K24",
    name: "expression-default",
    servers: Servers::MR,
    level: Level::Warning,
    says: "writes wait while the table is copied for the default of {}",
    rewrite: "add the column without a default, set the default for new rows, and backfill the rest",
    blocks: Some(Blocks::Writes),
    check: Check::Statement(check),
    ..Rule::BASE
};

/// The server has these for the whole statement.
const MOMENT: [&str; 4] = ["current_timestamp", "now", "localtime", "localtimestamp"];

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions().filter(|(table, _)| scene.in_use(table)) {
        let Does::AddColumn(column) = &action.does else { continue };
        if is_expression(column, scene) {
            let finding = found.add(action.span, table.column(&column.name));
            if scene.is_small(table) {
                finding.at_most(Level::Note).blocks(None);
            }
        }
    }
}

/// MariaDB computes a constant expression once, measured on 10.11.
fn is_expression(column: &Column, scene: &Scene<'_>) -> bool {
    let Some(default) = &column.default else { return false };
    let calls = default.calls.iter().any(|call| !MOMENT.contains(&call.as_str()));
    let other = !default.names.is_empty() && !default.is_null();
    let written = default.text.starts_with('(') && scene.is(Servers::M);
    calls || other || written
}

#[cfg(test)]
mod tests {
    use crate::check::{mariadb, mysql};

    #[test]
    fn defaults() {
        let add = |default: &str| format!("ALTER TABLE t ADD a varchar(40) DEFAULT {default}");
        for rule in [mysql("K24"), mariadb("K24")] {
            rule.check(&add("(uuid())"), "K24 1:15 t.a");
            rule.check(&add("'x'"), "");
            rule.check(&add("CURRENT_TIMESTAMP"), "");
            rule.check(&add("NULL"), "");
        }
        mysql("K24").check(&add("(1 + 1)"), "K24 1:15 t.a");
        mariadb("K24").check(&add("(1 + 1)"), "");
        mariadb("K24").check(&add("(b)"), "K24 1:15 t.a");
    }
}
