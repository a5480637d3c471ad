//! L25: MySQL: foreign keys are not checked while rows or keys are added.

use crate::found::Found;
use crate::read::{ConstraintKind, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L25",
    name: "foreign-keys-unchecked",
    servers: Servers::MR,
    level: Level::Warning,
    says: "orphans get in while {} is 0, and nothing finds them later",
    rewrite: "count the orphans after it in verify.sql: SELECT … LEFT JOIN … WHERE parent.id IS NULL",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    let Kind::Set(settings) = &statement.kind else { return };
    let off = settings.iter().any(|one| {
        one.name == "foreign_key_checks" && matches!(one.value.as_str(), "0" | "off" | "false")
    });
    if off && scene.after(statement).iter().any(|one| may_orphan(one, scene)) {
        found.add(statement.span, "foreign_key_checks");
    }
}

/// It writes to a table that is in use, or gives it a foreign key.
fn may_orphan(statement: &Statement, scene: &Scene<'_>) -> bool {
    let made = |name: &crate::Name| {
        scene
            .file
            .statements
            .iter()
            .any(|one| matches!(&one.kind, Kind::CreateTable(create) if create.name == *name))
    };
    let writes = statement.kind.writes().iter().any(|write| !made(&write.table));
    let keys = statement.kind.actions().any(|(table, action)| {
        !made(table)
            && matches!(&action.does, Does::Add(constraint)
                if matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
    });
    let empties = matches!(&statement.kind, Kind::Truncate { .. } | Kind::DropTable(_));
    writes || keys || empties
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn settings() {
        let rule = mysql("L25");
        let key = "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id)";
        let off = format!("SET FOREIGN_KEY_CHECKS = 0;\n{key}");
        rule.check(&off, "L25 1:1 foreign_key_checks");
        rule.check(
            "SET @@SESSION.foreign_key_checks=OFF;\nDELETE FROM t WHERE a = 1",
            "L25 1:1 foreign_key_checks",
        );
        rule.check(&format!("SET foreign_key_checks = 1;\n{key}"), "");
        let new = "SET foreign_key_checks = 0;\nCREATE TABLE t (a int REFERENCES p (id))";
        rule.check(new, "");
    }
}
