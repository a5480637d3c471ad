//! L22: SQLite: a rename that does not follow into triggers, views and foreign keys.

use crate::found::Found;
use crate::read::{Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L22",
    name: "legacy-rename",
    servers: Servers::S,
    level: Level::Warning,
    says: "under {} a rename leaves triggers, views and foreign keys with the old name",
    rewrite: "leave the pragma out: since SQLite 3.25 a rename follows everywhere",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::Pragma { name, value: Some(value) } = &statement.kind else { return };
    let on = matches!(value.as_str(), "1" | "on" | "yes" | "true");
    if name == "writable_schema" && on {
        let finding = found.add(statement.span, "writable_schema");
        finding
            .because("writes to sqlite_schema are not checked: one mistake and the file is lost");
        finding.help("rebuild the table instead");
    }
    let renames = |one: &Statement| {
        one.kind.actions().any(|(_, action)| {
            matches!(action.does, Does::RenameTable(_) | Does::RenameColumn { .. })
        })
    };
    if name == "legacy_alter_table" && on && scene.after(statement).iter().any(renames) {
        found.add(statement.span, "legacy_alter_table");
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn pragmas() {
        let rule = sqlite("L22");
        let rename = "ALTER TABLE t RENAME TO u";
        let on = format!("PRAGMA legacy_alter_table = ON;\n{rename}");
        rule.check(&on, "L22 1:1 legacy_alter_table");
        rule.check(&format!("PRAGMA legacy_alter_table = OFF;\n{rename}"), "");
        rule.check("PRAGMA legacy_alter_table(1)", "");
        rule.check("PRAGMA writable_schema = 1", "L22 1:1 writable_schema");
    }
}
