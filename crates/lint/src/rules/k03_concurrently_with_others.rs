//! K03: CONCURRENTLY beside statements that should be all or nothing.

use xtask_db_sql::Control;

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K03",
    name: "concurrently-with-others",
    servers: Servers::P,
    level: Level::Warning,
    says: "the file commits step by step because of {}: a failure leaves the rest undone",
    rewrite: "put it into a migration of its own",
    atlas: &["PG103"],
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if !statement.effects.concurrently {
        return;
    }
    let others = scene.file.statements.iter().any(|one| !is_beside(one));
    let first = scene.before(statement).iter().all(|one| !one.effects.concurrently);
    if others && first {
        let name = statement.effects.objects.first().map_or("CONCURRENTLY", |one| &one.name);
        found.add(statement.span, name);
    }
}

/// It changes nothing that the others rely on.
fn is_beside(statement: &Statement) -> bool {
    statement.effects.concurrently
        || matches!(statement.kind, Kind::Set(_))
        || statement.effects.control == Some(Control::Savepoint)
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn statements() {
        let rule = postgres("K03");
        let index = "CREATE INDEX CONCURRENTLY i ON t (a)";
        rule.check(index, "");
        rule.check(&format!("SET lock_timeout = 0;\n{index}"), "");
        rule.check(&format!("{index};\nDROP INDEX CONCURRENTLY j"), "");
        rule.check(&format!("ALTER TABLE t ADD a int;\n{index}"), "K03 2:1 i");
        rule.check("ALTER TABLE t ADD a int;\nDROP INDEX CONCURRENTLY i", "K03 2:1 i");
        rule.check("CREATE INDEX i ON t (a);\nALTER TABLE t ADD a int", "");
    }
}
